import { type BitMatrix, unpackRow } from "../../kernels/index.js";

/** Rows handed out at a time: 256 rows of 2000 numbers are 4 MB. */
export const BLOCK_ROWS = 256;

/**
 * Takes a block of successive rows, row-major. The array is its own until the next block.
 *
 * @param values the block, rows × columns of the data
 * @param rows rows in the block
 * @param first number of its first row, from 0
 */
export type RowsVisitor = (values: Float64Array, rows: number, first: number) => void;

/** A matrix of data, a row per observation and a column per unit, that can be read again and again from front to back. */
export interface Observations {
  /** Observations. */
  readonly rows: number;
  /** Numbers of each observation, one per unit. */
  readonly columns: number;
  /** The same data where all of them are ±1, the upper state being +1; they make some sums exact and fast. */
  readonly bits: BitMatrix | null;
  /** Visit all rows in order, at most BLOCK_ROWS at a time. Nothing but a block needs to be in memory. */
  readonly forEachBlock: (visit: RowsVisitor) => void;
}

/**
 * Two-state units as ±1.
 *
 * @param bits a row per observation; the upper state is +1
 */
export function bitObservations(bits: BitMatrix): Observations {
  const { rows, columns } = bits;
  return {
    rows,
    columns,
    bits,
    forEachBlock: (visit) => {
      const block = new Float64Array(Math.min(BLOCK_ROWS, rows) * columns);
      for (let first = 0; first < rows; first += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, rows - first);
        for (let row = 0; row < count; row++) unpackRow(bits, first + row, block, -1, 1, row * columns);
        visit(block, count, first);
      }
    },
  };
}

/**
 * Real numbers in memory, row-major.
 *
 * @param values the numbers, rows × columns
 * @param rows observations
 * @param columns numbers of each
 */
export function realObservations(values: ArrayLike<number>, rows: number, columns: number): Observations {
  return {
    rows,
    columns,
    bits: null,
    forEachBlock: (visit) => {
      const block = new Float64Array(Math.min(BLOCK_ROWS, rows) * columns);
      for (let first = 0; first < rows; first += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, rows - first);
        for (let k = 0; k < count * columns; k++) block[k] = values[first * columns + k];
        visit(block, count, first);
      }
    },
  };
}
