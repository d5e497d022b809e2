import { npyParts, type NpyVisitor, readNpyInFileOrder, type TypedArray } from "../io/index.js";
import { type BitMatrix, bitMatrix, packBits, rowRange, setBit, unpackRow } from "../kernels/index.js";

/** Numbers unpacked from bits at a time. */
const BLOCK_NUMBERS = 1 << 18;

/** The bytes of a .npy file of int8 numbers ±1, shape (rows, …shape), in parts: only the bits exist as a whole. */
export function npyPartsOfBits(rows: BitMatrix, shape: readonly number[]): Iterable<Uint8Array> {
  return npyParts([rows.rows, ...shape], unpackedBlocks(rows));
}

function* unpackedBlocks(rows: BitMatrix): Generator<Int8Array> {
  const { columns } = rows;
  const blockRows = Math.max(1, Math.floor(BLOCK_NUMBERS / columns));
  for (let first = 0; first < rows.rows; first += blockRows) {
    const block = rowRange(rows, first, Math.min(blockRows, rows.rows - first));
    const values = new Int8Array(block.rows * columns);
    for (let row = 0; row < block.rows; row++) unpackRow(block, row, values, -1, 1, row * columns);
    yield values;
  }
}

/** A number of an array by its place: row of the first axis, and column among the rest in C order, both from 0. */
export type Place = readonly [row: number, column: number];

/** Sees every block of numbers before it is packed, and can tell where the number at an index of it belongs. */
export type BlockCheck = (values: TypedArray, placeOf: (index: number) => Place) => void;

/**
 * The rows of a .npy array as bits, the first axis counting them: positive numbers are the upper state. `begin` sees the
 * shape before anything is read, throws if it is wrong, and returns the check. Beside the bits a few megabytes are held,
 * whatever the type and the order of the array.
 */
export function readNpyBits(path: string, begin: (shape: readonly number[]) => BlockCheck): BitMatrix {
  let matrix = bitMatrix(0, 0);
  readNpyInFileOrder(path, (shape, fortranOrder) => {
    const check = begin(shape);
    const [rows, ...sides] = shape;
    const columns = sides.reduce((product, side) => product * side, 1);
    matrix = bitMatrix(rows, columns);
    return fortranOrder ? packColumns(matrix, sides, check) : packRows(matrix, check);
  });
  return matrix;
}

/** Blocks are whole rows. */
function packRows(matrix: BitMatrix, check: BlockCheck): NpyVisitor {
  const { columns, wordsPerRow } = matrix;
  return (values, first) => {
    check(values, (index) => [Math.floor((first + index) / columns), (first + index) % columns]);
    const { words } = packBits(values, values.length / columns, columns);
    matrix.words.set(words, (first / columns) * wordsPerRow);
  };
}

/** In Fortran order the rows vary fastest, then the sides from the first to the last. */
function packColumns(matrix: BitMatrix, sides: readonly number[], check: BlockCheck): NpyVisitor {
  const { rows } = matrix;
  const columnOf = (entry: number): number => {
    if (sides.length < 2) return entry;
    return (entry % sides[0]) * sides[1] + Math.floor(entry / sides[0]);
  };
  return (values, first) => {
    check(values, (index) => [(first + index) % rows, columnOf(Math.floor((first + index) / rows))]);
    let row = first % rows;
    let entry = Math.floor(first / rows);
    let column = columnOf(entry);
    for (const value of values) {
      if (value > 0) setBit(matrix, row, column, 1);
      if (++row < rows) continue;
      row = 0;
      column = columnOf(++entry);
    }
  };
}
