import { DataError, UsageError } from "../errors/index.js";
import { readNumericCsv } from "../io/index.js";
import { type BitMatrix, bitMatrix, packBits } from "../kernels/index.js";
import { type Place, readNpyBits } from "./npy-bits.js";
import { readPackedBits } from "./packed-bits.js";

/** Configurations read from one file. */
export interface DataFile {
  readonly rows: BitMatrix;
  /** [Lx, Ly] if the file's array has three axes, else null: the columns may then live on any lattice. */
  readonly shape: readonly number[] | null;
}

/**
 * Read configurations from `.npy` (samples × sites or samples × Lx × Ly) or text (`.csv`, `.txt`, `.tsv`: a row per
 * sample). Values must all be −1/+1 or all 0/1. With `packed`, the number of units, a `.npy` file holds them as bits, eight
 * a byte (see readPackedBits). The file is read a part at a time.
 */
export function readDataFile(path: string, packed: number | null = null): DataFile {
  if (packed !== null) {
    if (!/\.npy$/i.test(path)) {
      throw new UsageError(
        `${path}: packed bits are read from .npy files only, as numpy.packbits makes them.`,
      );
    }
    return { rows: readPackedBits(path, packed), shape: null };
  }
  if (/\.npy$/i.test(path)) return readNpyConfigurations(path);
  if (/\.(csv|txt|tsv|dat)$/i.test(path)) {
    return { rows: readTextConfigurations(path), shape: null };
  }
  const archive = /\.npz$/i.test(path) ? " Save the one array of the archive: numpy.save(path, array)." : "";
  throw new UsageError(
    `${path}: expected a dataset folder, or a file that ends in .npy, .csv, .tsv or .txt.${archive}`,
  );
}

function readTextConfigurations(path: string): BitMatrix {
  let words = new Uint32Array(0);
  let check: ReturnType<typeof twoStateCheck> | undefined;
  const { rows, columns } = readNumericCsv(path, (values, row) => {
    check ??= twoStateCheck(path);
    check(values, (index) => [row, index]);
    const packed = packBits(values, 1, values.length).words;
    const first = row * packed.length;
    if (first + packed.length > words.length) words = enlarged(words, first + packed.length);
    words.set(packed, first);
  });
  const matrix = bitMatrix(rows, columns);
  matrix.words.set(words.subarray(0, matrix.words.length));
  return matrix;
}

/** How many rows a text has is known at its end only. */
function enlarged(words: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(least, 2 * words.length));
  larger.set(words);
  return larger;
}

function readNpyConfigurations(path: string): DataFile {
  let sides: readonly number[] = [];
  const rows = readNpyBits(path, (shape) => {
    if (shape.length !== 2 && shape.length !== 3) {
      throw new DataError(
        `${path}: array of shape (${shape.join(", ")}); expected (samples, sites) or (samples, Lx, Ly). ` +
          "In Python: numpy.save(path, array.reshape(samples, -1)).",
      );
    }
    if (shape.includes(0)) {
      throw new DataError(`${path}: array of shape (${shape.join(", ")}) holds no configurations.`);
    }
    sides = shape.slice(1);
    return twoStateCheck(path);
  });
  return { rows, shape: sides.length === 2 ? sides : null };
}

/**
 * A check that throws a DataError at the first value that is not part of {−1, +1} or of {0, 1}, or if both alphabets
 * are mixed. It is shown the values block by block.
 */
function twoStateCheck(path: string): (values: ArrayLike<number>, placeOf: (index: number) => Place) => void {
  let low = NaN;
  return (values, placeOf) => {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value === 1 || value === low) continue;
      if (Number.isNaN(low) && (value === 0 || value === -1)) {
        low = value;
        continue;
      }
      const [row, column] = placeOf(index);
      const mixed = value === 0 || value === -1;
      throw new DataError(
        `${path}: row ${row + 1}, column ${column + 1} is ${value}${mixed ? ` but earlier values are ${low}` : ""}; ` +
          `expected only −1 and +1, or only 0 and 1. ${adviceFor(value, row, column)}`,
      );
    }
  };
}

/** Row 3 of a column that counts the rows from 0 is 2. */
function adviceFor(value: number, row: number, column: number): string {
  if (column === 0 && (value === row || value === row + 1)) {
    return "Does this column number the rows? Leave it out; in pandas: to_csv(path, index=False).";
  }
  if (Number.isInteger(value) && value > 1 && value < 256) {
    return "Threshold it first, in Python (array > 127) of an image; bits of numpy.packbits are read with --packed.";
  }
  return "Threshold or recode the data first.";
}
