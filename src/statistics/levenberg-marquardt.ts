import { DomainError } from "../errors/index.js";
import { choleskyFactor, choleskySolve } from "./cholesky.js";

/**
 * Residuals ε_i(p) of a model with p parameters and n data: fills `residuals` (n) and `jacobian` (p columns of n,
 * jacobian[a][i] = ∂ε_i/∂p_a). Returns false, with both undefined, where the model does not exist.
 */
export type ResidualFunction = (
  parameters: Float64Array,
  residuals: Float64Array,
  jacobian: readonly Float64Array[],
) => boolean;

/** A least-squares fit of a nonlinear model. */
export interface NonlinearFit {
  readonly parameters: Float64Array;
  /** One standard deviation of each, from s²(JᵀJ)⁻¹ with s² = Σε²/(n − p); NaN where JᵀJ is singular or n = p. */
  readonly errors: Float64Array;
  /** Σ ε². */
  readonly residualSquare: number;
}

const MOST_STEPS = 60;
const FIRST_DAMPING = 1e-3;
const LARGEST_DAMPING = 1e10;
/** A step that gains less than this share of Σε² ends the search. */
const CONVERGED = 1e-10;

/**
 * Minimise Σ ε_i(p)² from `start` by Levenberg–Marquardt: steps δ with (JᵀJ + μ diag JᵀJ) δ = −Jᵀε, μ divided by 10 when Σε²
 * falls and multiplied by 10 when it does not (Marquardt, J. Soc. Indust. Appl. Math. 11, 431 (1963)). Finds the minimum
 * whose basin `start` lies in. DomainError if the model does not exist at `start` or n < p.
 */
export function levenbergMarquardt(
  model: ResidualFunction,
  start: Float64Array,
  count: number,
): NonlinearFit {
  const size = start.length;
  if (count < size) throw new DomainError(`${count} data for ${size} parameters: as many data are needed.`);
  const first = evaluate(model, start, count);
  if (first === null) throw new DomainError(`the model does not exist at its start ${start.join(", ")}.`);
  let here = first;
  let damping = FIRST_DAMPING;
  for (let step = 0; step < MOST_STEPS && damping < LARGEST_DAMPING; step++) {
    const next: Point | null = dampedMove(model, here, damping, count);
    if (next === null || !(next.residualSquare < here.residualSquare)) {
      damping *= 10;
      continue;
    }
    const gained = here.residualSquare - next.residualSquare;
    here = next;
    damping /= 10;
    if (gained <= CONVERGED * here.residualSquare) break;
  }
  return {
    parameters: here.parameters,
    errors: standardErrors(here, size, count),
    residualSquare: here.residualSquare,
  };
}

/** The model at one point. */
interface Point {
  readonly parameters: Float64Array;
  readonly residualSquare: number;
  /** JᵀJ, p × p, and Jᵀε. */
  readonly normal: Float64Array;
  readonly slope: Float64Array;
}

function evaluate(model: ResidualFunction, parameters: Float64Array, count: number): Point | null {
  const size = parameters.length;
  const residuals = new Float64Array(count);
  const jacobian = Array.from({ length: size }, () => new Float64Array(count));
  if (!model(parameters, residuals, jacobian)) return null;
  const normal = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      normal[a * size + b] = dot(jacobian[a], jacobian[b]);
      normal[b * size + a] = normal[a * size + b];
    }
  }
  return {
    parameters,
    residualSquare: dot(residuals, residuals),
    normal,
    slope: Float64Array.from(jacobian, (column) => dot(column, residuals)),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The point that one damped step leads to; null where the equations are singular or the model does not exist. */
function dampedMove(
  model: ResidualFunction,
  { parameters, normal, slope }: Point,
  damping: number,
  count: number,
): Point | null {
  const scales = diagonalScales(normal, parameters.length);
  const factor = scaledFactor(normal, scales, damping);
  if (factor === null) return null;
  const step = choleskySolve(
    factor,
    slope.map((value, a) => value / scales[a]),
  );
  return evaluate(
    model,
    parameters.map((value, a) => value - step[a] / scales[a] / (1 + damping)),
    count,
  );
}

function standardErrors({ normal, residualSquare }: Point, size: number, count: number): Float64Array {
  const scales = diagonalScales(normal, size);
  const factor = scaledFactor(normal, scales, 0);
  const noise = count > size ? residualSquare / (count - size) : NaN;
  return Float64Array.from({ length: size }, (_, a) => {
    if (factor === null) return NaN;
    const unit = new Float64Array(size);
    unit[a] = 1;
    return Math.sqrt(noise * choleskySolve(factor, unit)[a]) / scales[a];
  });
}

/** √ of the diagonal of JᵀJ; 1 for a parameter without effect, so that its row stays zero and the step leaves it alone. */
function diagonalScales(normal: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, a) => Math.sqrt(normal[a * size + a]) || 1);
}

/** Cholesky factor of the scaled JᵀJ with its diagonal raised by the factor 1 + μ, all divided by 1 + μ. */
function scaledFactor(normal: Float64Array, scales: Float64Array, damping: number): Float64Array | null {
  const size = scales.length;
  const matrix = normal.map((value, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    const scaled = value / scales[row] / scales[column];
    if (row !== column) return scaled / (1 + damping);
    return damping > 0 ? 1 : scaled;
  });
  try {
    return choleskyFactor(matrix, size);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
