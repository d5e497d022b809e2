/**
 * Pfaffian of an antisymmetric matrix of even order n (row-major n × n; overwritten): Pf² = det, Pf of
 * [[0, a], [−a, 0]] = a, and 1 for n = 0. Parlett–Reid elimination with partial pivoting (Wimmer 2012), n³/3 operations.
 */
export function pfaffian(matrix: Float64Array, order: number): number {
  let result = 1;
  for (let k = 0; k < order; k += 2) {
    const pivot = pivotRow(matrix, order, k);
    if (pivot !== k + 1) {
      swapRowAndColumn(matrix, order, k, k + 1, pivot);
      result = -result;
    }
    const top = matrix[k * order + k + 1];
    if (top === 0) return 0;
    result *= top;
    eliminate(matrix, order, k, top);
  }
  return result;
}

function pivotRow(matrix: Float64Array, order: number, k: number): number {
  let pivot = k + 1;
  for (let j = k + 2; j < order; j++) {
    if (Math.abs(matrix[k * order + j]) > Math.abs(matrix[k * order + pivot])) pivot = j;
  }
  return pivot;
}

/** Swap rows a and b and columns a and b; entries left of column k and above row k are no longer used. */
function swapRowAndColumn(matrix: Float64Array, order: number, k: number, a: number, b: number): void {
  for (let j = k; j < order; j++) {
    const held = matrix[a * order + j];
    matrix[a * order + j] = matrix[b * order + j];
    matrix[b * order + j] = held;
  }
  for (let i = k; i < order; i++) {
    const held = matrix[i * order + a];
    matrix[i * order + a] = matrix[i * order + b];
    matrix[i * order + b] = held;
  }
}

/** Clear row k beyond column k + 1 by a congruence of determinant 1, which updates the rows and columns below. */
function eliminate(matrix: Float64Array, order: number, k: number, top: number): void {
  const first = k * order;
  const second = (k + 1) * order;
  for (let i = k + 2; i < order; i++) {
    const ratio = matrix[first + i] / top;
    const below = matrix[second + i];
    for (let j = k + 2; j < order; j++) {
      matrix[i * order + j] += (matrix[first + j] / top) * below - ratio * matrix[second + j];
    }
  }
}
