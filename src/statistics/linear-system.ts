import { DomainError } from "../errors/index.js";

/** A pivot below this share of the largest entry of its row is what rounding left of zero. */
const SINGULAR = 1e-13;

/**
 * Solution X of A X = B by elimination with row pivoting. `matrix` is A, `size` × `size`, and `right` is B, `size` ×
 * `columns`, both row-major; so is the result. Rows are scaled to a largest entry of 1 first. DomainError when A is
 * singular to rounding (a pivot below 1e-13 of its row) or an entry is not finite. Cost O(size² (size + columns)).
 */
export function solveLinearSystem(
  matrix: Float64Array,
  right: Float64Array,
  size: number,
  columns: number,
): Float64Array {
  const width = size + columns;
  const rows = Array.from({ length: size }, (_, row) => scaledRow(matrix, right, row, size, columns));
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    if (!(Math.abs(rows[column][column]) > SINGULAR)) {
      throw new DomainError(`a system of ${size} linear equations has no unique solution (to rounding).`);
    }
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row][column] / rows[column][column];
      for (let k = column + 1; k < width; k++) rows[row][k] -= factor * rows[column][k];
    }
  }
  return substituteBack(rows, size, columns);
}

/** Row of (A | B) divided by the largest modulus in its part of A. */
function scaledRow(
  matrix: Float64Array,
  right: Float64Array,
  row: number,
  size: number,
  columns: number,
): Float64Array {
  const equation = new Float64Array(size + columns);
  equation.set(matrix.subarray(row * size, (row + 1) * size));
  equation.set(right.subarray(row * columns, (row + 1) * columns), size);
  const scale = equation.subarray(0, size).reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  return equation.map((x) => x / scale);
}

function substituteBack(rows: readonly Float64Array[], size: number, columns: number): Float64Array {
  const solution = new Float64Array(size * columns);
  for (let row = size - 1; row >= 0; row--) {
    for (let k = 0; k < columns; k++) {
      let value = rows[row][size + k];
      for (let other = row + 1; other < size; other++) {
        value -= rows[row][other] * solution[other * columns + k];
      }
      solution[row * columns + k] = value / rows[row][row];
    }
  }
  return solution;
}
