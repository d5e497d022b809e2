import { DomainError } from "../errors/index.js";

/** One eigenvalue of a real matrix; those with an imaginary part come in conjugate pairs. */
export interface Eigenvalue {
  /** Its real part. */
  readonly real: number;
  /** Its imaginary part, 0 for a real one. */
  readonly imaginary: number;
}

/** Steps on one block after which something is wrong with the numbers; a handful is usual. */
const MAX_STEPS = 100;
/** After so many steps without effect the shifts may run in a circle: one arbitrary shift breaks it. */
const EXCEPTIONAL_STEP = 10;

/**
 * All eigenvalues of a small real square matrix A (row-major, `size` × `size`), the largest modulus first, the one with
 * positive imaginary part first in a pair: Householder reduction to Hessenberg form, then QR steps with Francis' double
 * shift (Golub & Van Loan, Matrix Computations, §7.5). Absolute error a few ε‖A‖ times the eigenvalue's condition. Cost
 * O(size³). DomainError for entries that are not finite.
 */
export function eigenvalues(matrix: Float64Array, size: number): readonly Eigenvalue[] {
  const odd = matrix.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    throw new DomainError(`eigenvalues of a matrix whose entry ${odd} is ${matrix[odd]}: expected numbers.`);
  }
  const h = Float64Array.from(matrix);
  reduceToHessenberg(h, size);
  const found: Eigenvalue[] = [];
  let last = size - 1;
  let steps = 0;
  while (last >= 0) {
    const first = blockStart(h, size, last);
    if (first >= last - 1) {
      found.push(...(first === last ? [realEigenvalue(h[last * size + last])] : pair(h, size, first)));
      last = first - 1;
      steps = 0;
    } else {
      if (++steps > MAX_STEPS) throw new DomainError(`eigenvalues: no convergence in ${MAX_STEPS} QR steps.`);
      francisStep(h, size, first, last, steps % EXCEPTIONAL_STEP === 0);
    }
  }
  return found.sort((a, b) => squaredModulus(b) - squaredModulus(a) || b.imaginary - a.imaginary);
}

function squaredModulus({ real, imaginary }: Eigenvalue): number {
  return real * real + imaginary * imaginary;
}

function realEigenvalue(real: number): Eigenvalue {
  return { real, imaginary: 0 };
}

/**
 * H = QᵀAQ with zeros below the first subdiagonal, in place. The zeros are written, here and in `francisStep`: what
 * rounding leaves in their places would grow from step to step and keep the QR steps from converging.
 */
function reduceToHessenberg(h: Float64Array, size: number): void {
  for (let column = 0; column < size - 2; column++) {
    const length = size - column - 1;
    const vector = new Float64Array(length);
    for (let i = 0; i < length; i++) vector[i] = h[(column + 1 + i) * size + column];
    if (makeReflection(vector)) reflect(h, size, vector, column + 1, column, 0, size - 1);
    for (let row = column + 2; row < size; row++) h[row * size + column] = 0;
  }
}

/** Scale x so that 1 − v vᵀ maps it onto the first axis: v = √2 u/|u|, u = x + sign(x_0)|x| e_0. False for x = 0. */
function makeReflection(x: Float64Array): boolean {
  const scale = x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (scale === 0) return false;
  for (let i = 0; i < x.length; i++) x[i] /= scale;
  const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  x[0] += x[0] < 0 ? -length : length;
  const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / 2);
  for (let i = 0; i < x.length; i++) x[i] /= norm;
  return true;
}

/** H ← (1 − vvᵀ) H (1 − vvᵀ), v on axes `axis` …, on the rows from `top` and the columns from `left` up to `end`. */
function reflect(
  h: Float64Array,
  size: number,
  vector: Float64Array,
  axis: number,
  left: number,
  top: number,
  end: number,
): void {
  for (let column = left; column <= end; column++) {
    let product = 0;
    for (let i = 0; i < vector.length; i++) product += vector[i] * h[(axis + i) * size + column];
    for (let i = 0; i < vector.length; i++) h[(axis + i) * size + column] -= vector[i] * product;
  }
  for (let row = top; row <= end; row++) {
    let product = 0;
    for (let i = 0; i < vector.length; i++) product += vector[i] * h[row * size + axis + i];
    for (let i = 0; i < vector.length; i++) h[row * size + axis + i] -= vector[i] * product;
  }
}

/** First row of the block that ends in `last`: above it stands a subdiagonal element that is zero to rounding. */
function blockStart(h: Float64Array, size: number, last: number): number {
  for (let row = last; row > 0; row--) {
    const neighbors = Math.abs(h[row * size + row]) + Math.abs(h[(row - 1) * size + row - 1]);
    if (Math.abs(h[row * size + row - 1]) <= Number.EPSILON * neighbors) return row;
  }
  return 0;
}

/** Both eigenvalues of the 2 × 2 block at `first`. */
function pair(h: Float64Array, size: number, first: number): readonly Eigenvalue[] {
  const [a, b] = h.subarray(first * size + first);
  const [c, d] = h.subarray((first + 1) * size + first);
  const middle = (a + d) / 2;
  const half = (a - d) / 2;
  const discriminant = half * half + b * c;
  if (discriminant < 0) {
    const imaginary = Math.sqrt(-discriminant);
    return [
      { real: middle, imaginary },
      { real: middle, imaginary: -imaginary },
    ];
  }
  const root = Math.sqrt(discriminant);
  const far = middle + (middle < 0 ? -root : root);
  return [realEigenvalue(far), realEigenvalue(far === 0 ? 0 : (a * d - b * c) / far)];
}

/** One implicit QR step with the two eigenvalues of the last 2 × 2 block as shifts, on rows and columns first … last. */
function francisStep(h: Float64Array, size: number, first: number, last: number, exceptional: boolean): void {
  const at = (row: number, column: number): number => h[row * size + column];
  const below = Math.abs(at(last, last - 1)) + Math.abs(at(last - 1, last - 2));
  const [p, q] = exceptional ? [0.75 * below, 0.75 * below] : [at(last - 1, last - 1), at(last, last)];
  const corner = exceptional ? -0.4375 * below * below : at(last - 1, last) * at(last, last - 1);
  const [a, b, c] = [at(first, first), at(first, first + 1), at(first + 1, first)];
  const d = at(first + 1, first + 1);
  // First column of (H − λ₁)(H − λ₂), written in differences: near the end λ₁ + λ₂ and λ₁λ₂ would cancel.
  let vector = Float64Array.of(
    (a - p) * (a - q) - corner + b * c,
    c * (a - p + (d - q)),
    c * at(first + 2, first + 1),
  );
  for (let axis = first; axis < last; axis++) {
    if (axis > first) {
      const length = Math.min(3, last - axis + 1);
      vector = Float64Array.from({ length }, (_, i) => at(axis + i, axis - 1));
    }
    if (!makeReflection(vector)) continue;
    reflect(h, size, vector, axis, Math.max(first, axis - 1), first, last);
    if (axis > first) for (let i = 1; i < vector.length; i++) h[(axis + i) * size + axis - 1] = 0;
  }
}
