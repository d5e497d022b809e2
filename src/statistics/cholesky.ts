import { DomainError } from "../errors/index.js";

/**
 * Below this share of a unit diagonal element left over by the columns before it, a column is their linear combination
 * to within rounding: the normal equations carry the square of the condition number, and ε ≈ 2e-16.
 */
const SINGULAR = 1e-13;

/**
 * Lower triangle L of A = L Lᵀ, p × p row-major, for a symmetric positive definite matrix scaled to a unit diagonal.
 * DomainError naming the first column that depends linearly on those before it.
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let left = matrix[row * size + column];
      for (let k = 0; k < column; k++) left -= factor[row * size + k] * factor[column * size + k];
      if (row > column) {
        factor[row * size + column] = left / factor[column * size + column];
      } else if (left > SINGULAR) {
        factor[row * size + row] = Math.sqrt(left);
      } else {
        throw new DomainError(
          `regressor ${row} is a linear combination of those before it (to rounding): leave it out, or shift and scale the regressors.`,
        );
      }
    }
  }
  return factor;
}

/** Solution x of L Lᵀ x = b. */
export function choleskySolve(factor: Float64Array, rightSide: Float64Array): Float64Array {
  const size = rightSide.length;
  const x = Float64Array.from(rightSide);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) x[row] -= factor[row * size + k] * x[k];
    x[row] /= factor[row * size + row];
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) x[row] -= factor[k * size + row] * x[k];
    x[row] /= factor[row * size + row];
  }
  return x;
}
