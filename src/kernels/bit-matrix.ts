/**
 * A matrix of two-state units, one bit each. Bit `column & 31` of `words[row·wordsPerRow + (column >>> 5)]` is 1 for
 * the upper state (spin +1, binary 1) and 0 for the lower one (spin −1, binary 0). Bits beyond the last column are 0.
 */
export interface BitMatrix {
  /** Number of rows: configurations. */
  readonly rows: number;
  /** Number of columns: units of a configuration. */
  readonly columns: number;
  /** Words of 32 bits in a row, ⌈columns/32⌉. */
  readonly wordsPerRow: number;
  /** The bits, row after row; length rows·wordsPerRow. */
  readonly words: Uint32Array;
}

/**
 * An all-zero (all lower state) matrix.
 *
 * @param rows configurations
 * @param columns units of a configuration
 * @param allocate gives the memory of so many words, all zero; ordinary memory by default
 */
export function bitMatrix(
  rows: number,
  columns: number,
  allocate: (length: number) => Uint32Array = (length) => new Uint32Array(length),
): BitMatrix {
  const wordsPerRow = (columns + 31) >>> 5;
  return { rows, columns, wordsPerRow, words: allocate(rows * wordsPerRow) };
}

/**
 * 1 if the unit is in its upper state, else 0.
 *
 * @param matrix configurations
 * @param row number of the configuration, from 0
 * @param column number of the unit, from 0
 */
export function getBit(matrix: BitMatrix, row: number, column: number): 0 | 1 {
  const word = matrix.words[row * matrix.wordsPerRow + (column >>> 5)];
  return ((word >>> (column & 31)) & 1) as 0 | 1;
}

/**
 * Put one unit into its upper or lower state.
 *
 * @param matrix configurations; changed
 * @param row number of the configuration, from 0
 * @param column number of the unit, from 0
 * @param bit 1 for the upper state, 0 for the lower one
 */
export function setBit(matrix: BitMatrix, row: number, column: number, bit: 0 | 1): void {
  const index = row * matrix.wordsPerRow + (column >>> 5);
  const mask = 1 << (column & 31);
  matrix.words[index] = bit === 1 ? matrix.words[index] | mask : matrix.words[index] & ~mask;
}

/** Rows `first` … `first + rows − 1` as a matrix that shares their words. */
export function rowRange(matrix: BitMatrix, first: number, rows: number): BitMatrix {
  const { wordsPerRow } = matrix;
  return { ...matrix, rows, words: matrix.words.subarray(first * wordsPerRow, (first + rows) * wordsPerRow) };
}

/** Copy the rows numbered `order[start … start+out.rows)` of `source` into `out`, in that order. */
export function gatherRows(source: BitMatrix, order: Uint32Array, start: number, out: BitMatrix): void {
  const width = source.wordsPerRow;
  for (let row = 0; row < out.rows; row++) {
    const from = order[start + row] * width;
    for (let word = 0; word < width; word++) out.words[row * width + word] = source.words[from + word];
  }
}

/** out[column, row] = source[row, column]; `out` must have the transposed shape. */
export function transposeBits(source: BitMatrix, out: BitMatrix): void {
  out.words.fill(0);
  for (let row = 0; row < source.rows; row++) {
    const target = row >>> 5;
    const mask = 1 << (row & 31);
    for (let word = 0; word < source.wordsPerRow; word++) {
      let rest = source.words[row * source.wordsPerRow + word];
      while (rest !== 0) {
        const column = (word << 5) + 31 - Math.clz32(rest & -rest);
        out.words[column * out.wordsPerRow + target] |= mask;
        rest &= rest - 1;
      }
    }
  }
}

/** Pack rows of numbers: a positive number becomes the upper state. `values` is row-major rows × columns. */
export function packBits(values: ArrayLike<number>, rows: number, columns: number): BitMatrix {
  const matrix = bitMatrix(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] > 0) setBit(matrix, row, column, 1);
    }
  }
  return matrix;
}

/**
 * Write one row as numbers.
 *
 * @param matrix configurations
 * @param row number of the configuration, from 0
 * @param out where the numbers go, one a unit
 * @param low what stands for the lower state
 * @param high what stands for the upper state
 * @param offset place in `out` of the first unit
 */
export function unpackRow(
  matrix: BitMatrix,
  row: number,
  out: Int8Array | Float32Array | Float64Array,
  low = -1,
  high = 1,
  offset = 0,
): void {
  for (let column = 0; column < matrix.columns; column++) {
    out[offset + column] = getBit(matrix, row, column) === 1 ? high : low;
  }
}

/** Number of units of row `row`, counted from 0, in the upper state. */
export function countUp(matrix: BitMatrix, row: number): number {
  let count = 0;
  for (let word = 0; word < matrix.wordsPerRow; word++) {
    count += popcount(matrix.words[row * matrix.wordsPerRow + word]);
  }
  return count;
}

/** Number of ones in a 32-bit word. */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
