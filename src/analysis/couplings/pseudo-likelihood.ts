import { DataError, DomainError } from "../../errors/index.js";
import { logTwoCosh, tanh } from "../../kernels/elementary.js";
import { type BitMatrix, unpackRow } from "../../kernels/index.js";
import { sampleGroups, solveLinearSystem } from "../../statistics/index.js";
import { type ClassCoupling, fittedCoupling } from "./class-couplings.js";
import type { CouplingClass } from "./coupling-classes.js";
import { requireSets } from "./spin-sets.js";

/** A fit of couplings to configurations. */
export interface PseudoLikelihoodFit {
  /** One J a class, its `error` one standard deviation; NaN where J is not `determined`. */
  readonly couplings: readonly ClassCoupling[];
  /** Mean of ln P(s_i | all others) over configurations and spins, in nats; −ln 2 for independent spins without a field. */
  readonly logLikelihood: number;
  /** False where some J is not `determined`: the pseudo-likelihood has no single maximum at finite J. */
  readonly converged: boolean;
}

const MOST_STEPS = 50;
const MOST_HALVINGS = 30;

/** A Newton step that promises to raise the mean log-likelihood by less than this ends the search. */
const CONVERGED = 1e-14;

/**
 * A standard deviation √(H⁻¹)_cc above this leaves J undetermined. A product that is contradicted k times has one of about
 * 1/(2√k); one that never is has a J that grows until H vanishes, with hundreds.
 */
const WIDEST = 3;

/** Added to the diagonal of a singular H, and at least this share of its largest entry: undetermined J stay where they are. */
const RIDGE = { least: 1e-6, share: 1e-11 } as const;

/**
 * Couplings J_c of P(s) ∝ exp(Σ_c J_c Σ_{A∈c} σ_A Π_{i∈A} s_i), one for each class c with signs σ, that maximise the
 * pseudo-likelihood Σ_rows Σ_i ln P(s_i | all others), P(s_i | …) = e^{s_i x_i}/2cosh x_i, x_i = Σ_c J_c φ_ic and
 * φ_ic = Σ_{A∋i} σ_A Π_{j∈A, j≠i} s_j (Besag 1975), by Newton's method; the function is concave. Consistent for couplings that all
 * belong to a class; others bias it. Errors from H⁻¹ V H⁻¹, V the covariance of the scores between groups of samples of which
 * `chains` (null: not known) were drawn in turn. Where no configuration contradicts a product (separable data: constant
 * spins, or very few rows) or products are always the same, J is not determined: its value is where the search ended, its
 * error NaN. DataError without configurations or for sets of other spins.
 *
 * @param configurations a row each
 * @param classes classes of their spins, such as `latticeClasses` makes
 * @param chains number of chains they were drawn from, row = round · chains + chain; null, the default: not known
 */
export function fitCouplings(
  configurations: BitMatrix,
  classes: readonly CouplingClass[],
  chains: number | null = null,
): PseudoLikelihoodFit {
  const { rows, columns } = configurations;
  if (rows === 0) throw new DataError("couplings of no configurations: at least one is needed.");
  for (const each of classes) requireSets(each, columns);
  const groups = sampleGroups(rows, chains);
  let [values, converged] = [new Float64Array(classes.length), false];
  let here = evaluate(configurations, classes, values, groups);
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = newtonStep(here, classes.length);
    if (direction === null) break;
    const promised = direction.reduce((sum, d, c) => sum + (d * here.slope[c]) / 2, 0);
    converged = promised / (rows * columns) < CONVERGED;
    if (converged) break;
    const next = climb(here, (share) => {
      const moved = values.map((value, c) => value + share * direction[c]);
      return { moved, point: evaluate(configurations, classes, moved, groups) };
    });
    if (next === null) break;
    [values, here] = [next.moved, next.point];
  }
  const inverse = inverseCurvature(here, classes.length);
  const determined = classes.map((_, c) => {
    const variance = inverse[c * classes.length + c];
    return converged && variance > 0 && variance <= WIDEST * WIDEST;
  });
  const errors = standardErrors(here, inverse, classes.length);
  return {
    couplings: classes.map((of, c) =>
      fittedCoupling(of, values[c], determined[c] ? errors[c] : NaN, determined[c]),
    ),
    logLikelihood: here.value / (rows * columns),
    converged: converged && determined.every(Boolean),
  };
}

/** The pseudo-likelihood and its derivatives at one point. */
interface Point {
  readonly value: number;
  readonly slope: Float64Array;
  /** −∂²/∂J∂J, classes × classes. */
  readonly curvature: Float64Array;
  /** Σ of the slope over each group of rows, groups × classes. */
  readonly groupSlopes: readonly Float64Array[];
}

function evaluate(
  configurations: BitMatrix,
  classes: readonly CouplingClass[],
  values: Float64Array,
  groups: Uint32Array,
): Point {
  const { rows, columns } = configurations;
  const size = classes.length;
  const spins = new Int8Array(columns);
  const features = new Float64Array(columns * size);
  const curvature = new Float64Array(size * size);
  const groupSlopes: Float64Array[] = [];
  let value = 0;
  for (let row = 0; row < rows; row++) {
    unpackRow(configurations, row, spins);
    fillFeatures(spins, classes, features);
    const slope = (groupSlopes[groups[row]] ??= new Float64Array(size));
    for (let i = 0; i < columns; i++) {
      const own = features.subarray(i * size, (i + 1) * size);
      let x = 0;
      for (let c = 0; c < size; c++) x += values[c] * own[c];
      const average = tanh(x);
      value += spins[i] * x - logTwoCosh(x);
      addDerivatives(own, spins[i] - average, 1 - average * average, slope, curvature);
    }
  }
  mirror(curvature, size);
  const present = Object.values(groupSlopes); // groups may be numbered with gaps
  const slope = new Float64Array(size);
  for (const each of present) each.forEach((part, c) => (slope[c] += part));
  return { value, slope, curvature, groupSlopes: present };
}

/** φ_ic for every spin and class, spins × classes. */
function fillFeatures(spins: Int8Array, classes: readonly CouplingClass[], features: Float64Array): void {
  features.fill(0);
  const size = classes.length;
  for (let c = 0; c < size; c++) {
    const { order, members, signs } = classes[c];
    for (let first = 0, set = 0; first < members.length; first += order, set++) {
      let product = signs === null ? 1 : signs[set];
      for (let k = 0; k < order; k++) product *= spins[members[first + k]];
      for (let k = 0; k < order; k++)
        features[members[first + k] * size + c] += product * spins[members[first + k]];
    }
  }
}

/** The share of one spin of one row; of the curvature its lower triangle. */
function addDerivatives(
  features: Float64Array,
  residual: number,
  weight: number,
  slope: Float64Array,
  curvature: Float64Array,
): void {
  const size = features.length;
  for (let a = 0; a < size; a++) {
    if (features[a] === 0) continue;
    slope[a] += residual * features[a];
    const factor = weight * features[a];
    for (let b = 0; b <= a; b++) curvature[a * size + b] += factor * features[b];
  }
}

function mirror(matrix: Float64Array, size: number): void {
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) matrix[b * size + a] = matrix[a * size + b];
  }
}

/** H⁻¹ g; null where there is none to rounding. */
function newtonStep({ slope, curvature }: Point, size: number): Float64Array | null {
  return solveCurvature(curvature, slope, size, 1);
}

/** H⁻¹; NaN where there is none to rounding. */
function inverseCurvature({ curvature }: Point, size: number): Float64Array {
  const identity = new Float64Array(size * size);
  for (let c = 0; c < size; c++) identity[c * size + c] = 1;
  return solveCurvature(curvature, identity, size, size) ?? new Float64Array(size * size).fill(NaN);
}

/** H⁻¹ B; of a singular H with a ridge, null where that does not help. */
function solveCurvature(
  curvature: Float64Array,
  right: Float64Array,
  size: number,
  columns: number,
): Float64Array | null {
  const solution = solveOrNull(curvature, right, size, columns);
  if (solution !== null) return solution;
  const largest = curvature.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  const ridge = Math.max(RIDGE.least, RIDGE.share * largest);
  const raised = curvature.map((entry, index) => (index % (size + 1) === 0 ? entry + ridge : entry));
  return solveOrNull(raised, right, size, columns);
}

function solveOrNull(...system: Parameters<typeof solveLinearSystem>): Float64Array | null {
  try {
    return solveLinearSystem(...system);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** The step, halved until it does not lower the value; null where rounding leaves none. */
function climb<T extends { readonly point: Point }>(here: Point, step: (share: number) => T): T | null {
  for (let halving = 0, share = 1; halving < MOST_HALVINGS; halving++, share /= 2) {
    const next = step(share);
    if (next.point.value >= here.value) return next;
  }
  return null;
}

/** √ of the diagonal of H⁻¹ V H⁻¹; NaN where there is one group. */
function standardErrors(
  { groupSlopes, slope }: Point,
  inverse: Float64Array,
  size: number,
): readonly number[] {
  const count = groupSlopes.length;
  const moves = groupSlopes.map((own) => {
    const centered = own.map((part, c) => part - slope[c] / count);
    return centered.map((_, a) => centered.reduce((sum, part, b) => sum + inverse[a * size + b] * part, 0));
  });
  return Array.from({ length: size }, (_, c) =>
    count < 2 ? NaN : Math.sqrt((count / (count - 1)) * moves.reduce((sum, move) => sum + move[c] ** 2, 0)),
  );
}
