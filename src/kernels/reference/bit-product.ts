import type { BitMatrix } from "../bit-matrix.js";

/**
 * The one product behind all RBM statistics: out = bits · matrix with bits ∈ {0, 1}, row by row, by adding the rows of
 * `matrix` whose bit is set. bits: r × k, matrix: k × width (row-major), `finish(row, sums)` receives the row's sums
 * (double precision, reused between rows).
 */
export function forEachBitProduct(
  bits: BitMatrix,
  matrix: Float32Array,
  width: number,
  finish: (row: number, sums: Float64Array) => void,
): void {
  const sums = new Float64Array(width);
  const offsets = new Int32Array(bits.columns);
  for (let row = 0; row < bits.rows; row++) {
    const count = setOffsets(bits, row, width, offsets);
    sums.fill(0);
    let k = 0;
    for (; k + 4 <= count; k += 4) {
      addFourRows(matrix, offsets[k], offsets[k + 1], offsets[k + 2], offsets[k + 3], sums);
    }
    for (; k < count; k++) addRow(matrix, offsets[k], sums);
    finish(row, sums);
  }
}

/** List where in `matrix` the rows with a set bit start; returns how many there are. */
function setOffsets(bits: BitMatrix, row: number, width: number, offsets: Int32Array): number {
  let count = 0;
  for (let word = 0; word < bits.wordsPerRow; word++) {
    let rest = bits.words[row * bits.wordsPerRow + word];
    while (rest !== 0) {
      offsets[count++] = ((word << 5) + 31 - Math.clz32(rest & -rest)) * width;
      rest &= rest - 1;
    }
  }
  return count;
}

function addRow(matrix: Float32Array, offset: number, sums: Float64Array): void {
  for (let j = 0; j < sums.length; j++) sums[j] += matrix[offset + j];
}

/** Four rows at once: one load and store of each sum instead of four. */
function addFourRows(
  matrix: Float32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  sums: Float64Array,
): void {
  for (let j = 0; j < sums.length; j++) {
    sums[j] += matrix[a + j] + matrix[b + j] + (matrix[c + j] + matrix[d + j]);
  }
}
