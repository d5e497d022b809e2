import { npyParts, readNpyBlocks, type TypedArray } from "../io/index.js";
import { type BitMatrix, bitMatrix, packBits, rowRange, unpackRow } from "../kernels/index.js";

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

/**
 * The rows of a .npy array as bits, the first axis counting them: positive numbers are the upper state. `begin` sees the
 * shape before anything is read, throws if it is wrong, and returns a check that sees every block before it is packed.
 */
export function readNpyBits(
  path: string,
  begin: (shape: readonly number[]) => (values: TypedArray, first: number) => void,
): BitMatrix {
  let matrix = bitMatrix(0, 0);
  readNpyBlocks(path, (shape) => {
    const check = begin(shape);
    const [rows, ...sides] = shape;
    const columns = sides.reduce((product, side) => product * side, 1);
    matrix = bitMatrix(rows, columns);
    return (values, first) => {
      check(values, first);
      const { words } = packBits(values, values.length / columns, columns);
      matrix.words.set(words, (first / columns) * matrix.wordsPerRow);
    };
  });
  return matrix;
}
