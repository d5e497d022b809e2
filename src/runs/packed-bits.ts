import { DataError } from "../errors/index.js";
import { readNpyInFileOrder } from "../io/index.js";
import { type BitMatrix, bitMatrix } from "../kernels/index.js";

/** Bits of a byte in the opposite order. */
const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) out |= ((byte >> bit) & 1) << (7 - bit);
  return out;
});

/**
 * Read configurations of `columns` units from a .npy file of bytes, shape (samples, ⌈columns/8⌉), as
 * numpy.packbits(array, axis=1) makes it: the first unit is the highest bit of the first byte, 1 is the upper state, and
 * the bits after the last unit are 0. DataError for another type, another shape, or a 1 after the last unit.
 */
export function readPackedBits(path: string, columns: number): BitMatrix {
  const bytesPerRow = Math.ceil(columns / 8);
  let matrix = bitMatrix(0, 0);
  readNpyInFileOrder(path, (shape, fortranOrder) => {
    if (shape.length !== 2 || shape[1] !== bytesPerRow || shape[0] === 0) {
      throw new DataError(
        `${path}: array of shape (${shape.join(", ")}); ${columns} units packed eight a byte have shape ` +
          `(samples, ${bytesPerRow}). In Python: numpy.save(path, numpy.packbits(array, axis=1)).`,
      );
    }
    const [rows] = shape;
    matrix = bitMatrix(rows, columns);
    return (values, first) => {
      if (!(values instanceof Uint8Array)) {
        throw new DataError(
          `${path} does not hold bytes; packed bits are of type uint8, as numpy.packbits(array, axis=1) makes them.`,
        );
      }
      for (let index = 0; index < values.length; index++) {
        const at = first + index;
        const [row, byte] = fortranOrder
          ? [at % rows, Math.floor(at / rows)]
          : [Math.floor(at / bytesPerRow), at % bytesPerRow];
        setByte(matrix, path, row, byte, reversed[values[index]]);
      }
    };
  });
  return matrix;
}

/** Put eight units in place; the lowest bit is the first of them. */
function setByte(matrix: BitMatrix, path: string, row: number, byte: number, bits: number): void {
  const left = matrix.columns - 8 * byte;
  if (left < 8 && bits >> left !== 0) {
    throw new DataError(
      `${path}: row ${row + 1} has a bit set after the ${matrix.columns} units; is that the number of units? ` +
        "(The highest bit of a byte comes first, as numpy.packbits has it.)",
    );
  }
  matrix.words[row * matrix.wordsPerRow + (byte >>> 2)] |= bits << (8 * (byte & 3));
}
