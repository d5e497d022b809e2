import { DomainError } from "../errors/index.js";

const MAX_ITERATIONS = 500;

/** Share of the decrease that the slope promises which a step must bring (Armijo). */
const SUFFICIENT = 1e-4;

/** A step this much shorter than the first one tried no longer changes the function: the minimum is reached. */
const SHORTEST = 2 ** -40;

/** A function and its gradient, which is written into `gradient`; ∞ outside the function's domain. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** Where a minimum lies. */
export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
}

/**
 * A local minimum of a smooth function of a few variables by the BFGS quasi-Newton method with backtracking (Nocedal &
 * Wright, Numerical Optimization, ch. 6): until the function, lowered at every step, stays the same to rounding.
 * Variables should be scaled so that curvatures are alike. The first step tried has length `firstStep`, a distance over
 * which the function is smooth. DomainError if the start lies outside the domain.
 */
export function minimize(objective: Objective, start: Float64Array, firstStep: number): Minimum {
  const size = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let value = objective(x, gradient);
  if (!Number.isFinite(value)) {
    throw new DomainError(`minimize: the function is ${value} at the start; expected a finite number.`);
  }
  let inverse: Float64Array | null = null; // of the matrix of second derivatives, once something is known of it
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    let direction = inverse === null ? gradient : negativeProduct(inverse, gradient);
    if (!(dot(direction, gradient) < 0)) {
      inverse = null;
      const length = Math.sqrt(dot(gradient, gradient));
      direction = gradient.map((g) => (length === 0 ? 0 : (-g * firstStep) / length));
    }
    const next = lineSearch(objective, x, value, gradient, direction);
    if (next === null) break;
    const moved = next.x.map((t, k) => t - x[k]);
    const turned = next.gradient.map((g, k) => g - gradient[k]);
    const curvature = dot(moved, turned);
    if (curvature > 0) {
      inverse ??= multipleOfIdentity(size, curvature / dot(turned, turned));
      updateInverse(inverse, moved, turned);
    }
    ({ x, value, gradient } = next);
  }
  return { x, value };
}

interface Point extends Minimum {
  readonly x: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** The first of the steps 1, ½, ¼, … that lowers the function enough; null if none does. */
function lineSearch(
  objective: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): Point | null {
  const slope = dot(gradient, direction);
  for (let step = 1; step >= SHORTEST; step /= 2) {
    const candidate = Float64Array.from(x, (t, k) => t + step * direction[k]);
    const nextGradient = new Float64Array(x.length);
    const next = objective(candidate, nextGradient);
    if (next < value && next <= value + SUFFICIENT * step * slope) {
      return { x: candidate, value: next, gradient: nextGradient };
    }
  }
  return null;
}

/** H ← (1 − ρ s yᵀ) H (1 − ρ y sᵀ) + ρ s sᵀ, ρ = 1/sᵀy, in place. */
function updateInverse(inverse: Float64Array, s: Float64Array, y: Float64Array): void {
  const size = s.length;
  const rho = 1 / dot(s, y);
  const product = negativeProduct(inverse, y).map((t) => -t);
  const stretch = rho * (1 + rho * dot(y, product));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      inverse[i * size + j] += stretch * s[i] * s[j] - rho * (product[i] * s[j] + s[i] * product[j]);
    }
  }
}

function multipleOfIdentity(size: number, value: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = value;
  return matrix;
}

function negativeProduct(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, i) => -dot(matrix.subarray(i * size, (i + 1) * size), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
