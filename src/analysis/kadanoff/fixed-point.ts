import { DomainError } from "../../errors/index.js";
import { solveLinearSystem } from "../../statistics/index.js";
import { blockStep, SITES_PER_BLOCK, stationaryDistribution } from "./block-map.js";
import { type Linearization, linearize } from "./exponents.js";
import {
  type PlaquetteCouplings,
  plaquetteCouplings,
  PLAQUETTE_CLASSES as CLASSES,
  plaquettePotential,
} from "./plaquette.js";

/** The couplings that move in zero field; the constant only adds to ln Z. */
const moving = ["nearest", "diagonal", "fourSpin"] as const;

type MovingCouplings = Pick<PlaquetteCouplings, (typeof moving)[number]>;

/**
 * The two critical fixed points. `permutation`: K₁ = K₂, all four spins of a plaquette are equivalent; Kadanoff's, and the
 * end of the critical model whose nearest and next-nearest neighbours share one K per plaquette. `square`: K₁ > K₂, which
 * splits from the first at p ≈ 0.7415. Above that p the first is unstable against K₁ ≠ K₂ and the critical
 * nearest-neighbour model flows to the second.
 */
export type FixedPointSymmetry = "permutation" | "square";

/** Where Newton's iteration starts, the parameters for which it finds the point, and those among which the best is sought. */
const searches: Readonly<
  Record<
    FixedPointSymmetry,
    { start: MovingCouplings; range: readonly [number, number]; found: readonly [number, number] }
  >
> = {
  permutation: {
    start: { nearest: 0.14, diagonal: 0.14, fourSpin: -0.01 },
    range: [0.7, 0.85],
    found: [0.648, 0.92],
  },
  square: {
    start: { nearest: 0.163, diagonal: 0.1, fourSpin: -0.005 },
    range: [0.75, 0.79],
    found: [0.743, 0.795],
  },
};

const NEWTON_STEPS = 60;
const NEWTON_TOLERANCE = 1e-14;

/** K₁ and K₂ are equal to rounding below this difference; at the square fixed point they differ by more. */
const EQUAL = 1e-6;

/** A fixed point u' = u + constant on the boundary between order and disorder. */
export interface CriticalFixedPoint {
  /** Which of the two it is. */
  readonly symmetry: FixedPointSymmetry;
  /** p of the step. */
  readonly parameter: number;
  /** u with no spin, one, two neighbours, two opposite ones, three or all four down; its constant is 0. */
  readonly potential: Float64Array;
  /** The couplings of u. */
  readonly couplings: PlaquetteCouplings;
  /** Eigenvalues and exponents of the step there. */
  readonly linearization: Linearization;
}

/**
 * The critical fixed point of the step with parameter p, by Newton's iteration on (K₁, K₂, K₄) with exact derivatives.
 * DomainError outside the range of p for which the iteration finds one of this symmetry.
 *
 * @param parameter p of the step, within 0.648 … 0.92 (`permutation`) or 0.743 … 0.795 (`square`)
 * @param symmetry which of the two fixed points
 */
export function criticalFixedPoint(
  parameter: number,
  symmetry: FixedPointSymmetry = "permutation",
): CriticalFixedPoint {
  const { start, found } = searches[symmetry];
  if (!(parameter >= found[0] && parameter <= found[1])) throw noFixedPoint(parameter, symmetry);
  let couplings = start;
  for (let iteration = 0; iteration < NEWTON_STEPS; iteration++) {
    const change = newtonChange(plaquettePotential(couplings), parameter);
    couplings = {
      nearest: couplings.nearest + change[0],
      diagonal: couplings.diagonal + change[1],
      fourSpin: couplings.fourSpin + change[2],
    };
    const size = change.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
    if (!(size < 1)) break;
    if (size < NEWTON_TOLERANCE) return requireCritical(couplings, parameter, symmetry);
  }
  throw noFixedPoint(parameter, symmetry);
}

/**
 * The fixed point at the parameter where the bound on the free energy is best.
 *
 * @param symmetry which of the two fixed points
 */
export function optimalFixedPoint(symmetry: FixedPointSymmetry = "permutation"): CriticalFixedPoint {
  return criticalFixedPoint(optimalParameter(symmetry), symmetry);
}

/**
 * p* at which the lower bound on F at the critical fixed point is largest: the derivative of the bound on ln Z with
 * respect to the p of any step is ∝ Σπ ∂u'/∂p, which rises through zero at p*. By bisection to the last bit.
 */
export function optimalParameter(symmetry: FixedPointSymmetry = "permutation"): number {
  let [low, high] = searches[symmetry].range;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (partitionSlope(criticalFixedPoint(middle, symmetry)) < 0) low = middle;
    else high = middle;
  }
}

/** Σ_c π(c) ∂u'(c)/∂p: how the bound on ln Z, which is to be smallest, changes with p at a fixed point. */
export function partitionSlope({ potential, parameter }: CriticalFixedPoint): number {
  const { parameterSlope } = blockStep(potential, parameter);
  const probabilities = stationaryDistribution(potential, parameter);
  return parameterSlope.reduce((sum, slope, c) => sum + probabilities[c] * slope, 0);
}

/** (1 − ∂K'/∂K)⁻¹ (K' − K) on the moving couplings. */
function newtonChange(potential: Float64Array, parameter: number): Float64Array {
  const { potential: next, conditional } = blockStep(potential, parameter);
  const size = moving.length;
  const matrix = new Float64Array(size * size);
  moving.forEach((name, column) => {
    const derivative = plaquetteCouplings(response(conditional, plaquettePotential({ [name]: 1 })));
    moving.forEach((row, index) => {
      matrix[index * size + column] = (index === column ? 1 : 0) - derivative[row];
    });
  });
  const [before, after] = [plaquetteCouplings(potential), plaquetteCouplings(next)];
  const residual = Float64Array.from(moving, (name) => after[name] - before[name]);
  return solveLinearSystem(matrix, residual, size, 1);
}

/** δu'(r) = 4 Σ_c P(c|r) δu(c). */
function response(conditional: Float64Array, change: Float64Array): Float64Array {
  return change.map((_, r) => {
    let sum = 0;
    for (let c = 0; c < CLASSES; c++) sum += conditional[r * CLASSES + c] * change[c];
    return SITES_PER_BLOCK * sum;
  });
}

/** Newton's iteration may end in a sink, or on the other branch. */
function requireCritical(
  moved: MovingCouplings,
  parameter: number,
  symmetry: FixedPointSymmetry,
): CriticalFixedPoint {
  const potential = plaquettePotential(moved);
  const linearization = linearize(potential, parameter);
  const couplings = plaquetteCouplings(potential);
  const difference = couplings.nearest - couplings.diagonal;
  const wanted = symmetry === "permutation" ? Math.abs(difference) < EQUAL : difference > EQUAL;
  if (!wanted || couplings.nearest < 0 || !(linearization.even[1].real > 1)) {
    throw noFixedPoint(parameter, symmetry);
  }
  return { symmetry, parameter, potential, couplings, linearization };
}

function noFixedPoint(parameter: number, symmetry: FixedPointSymmetry): DomainError {
  const [low, high] = searches[symmetry].found;
  return new DomainError(
    `Kadanoff's map with p = ${parameter}: no critical fixed point of ${symmetry} symmetry was found; expected p between ${low} and ${high}.`,
  );
}
