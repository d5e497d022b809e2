import { type BitMatrix, unpackRow } from "../../kernels/index.js";

/** Rows handed out at a time: 256 rows of 2000 numbers are 4 MB. */
export const BLOCK_ROWS = 256;

/** Takes `rows` rows, row-major, of which the first has the number `first`. The array is its own until the next block. */
export type RowsVisitor = (values: Float64Array, rows: number, first: number) => void;

/** A matrix of data, a row per observation and a column per unit, that can be read again and again from front to back. */
export interface Observations {
  readonly rows: number;
  readonly columns: number;
  /** The same data where all of them are ±1, the upper state being +1; they make some sums exact and fast. */
  readonly bits: BitMatrix | null;
  /** Visit all rows in order, at most BLOCK_ROWS at a time. Nothing but a block needs to be in memory. */
  readonly forEachBlock: (visit: RowsVisitor) => void;
}

/** Two-state units as ±1. */
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

/** Real numbers in memory, row-major. */
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
