import { DataError, UsageError } from "../errors/index.js";
import { readNumericCsv } from "../io/index.js";
import { type BitMatrix, bitMatrix, packBits } from "../kernels/index.js";
import { readNpyBits } from "./npy-bits.js";

/** Configurations read from one file. */
export interface DataFile {
  readonly rows: BitMatrix;
  /** [Lx, Ly] if the file's array has three axes, else null: the columns may then live on any lattice. */
  readonly shape: readonly number[] | null;
}

/**
 * Read configurations from `.npy` (samples × sites or samples × Lx × Ly) or text (`.csv`, `.txt`, `.tsv`: a row per
 * sample). Values must all be −1/+1 or all 0/1.
 */
export function readDataFile(path: string): DataFile {
  if (/\.npy$/i.test(path)) return readNpyConfigurations(path);
  if (/\.(csv|txt|tsv|dat)$/i.test(path)) {
    return { rows: readTextConfigurations(path), shape: null };
  }
  throw new UsageError(
    `${path}: expected a dataset folder, or a file that ends in .npy, .csv, .tsv or .txt.`,
  );
}

function readTextConfigurations(path: string): BitMatrix {
  const packed: Uint32Array[] = [];
  let check: ReturnType<typeof twoStateCheck> | undefined;
  const { rows, columns } = readNumericCsv(path, (values, row) => {
    check ??= twoStateCheck(path, values.length);
    check(values, row * values.length);
    packed.push(packBits(values, 1, values.length).words);
  });
  const matrix = bitMatrix(rows, columns);
  packed.forEach((words, row) => {
    matrix.words.set(words, row * matrix.wordsPerRow);
  });
  return matrix;
}

function readNpyConfigurations(path: string): DataFile {
  let sides: readonly number[] = [];
  const rows = readNpyBits(path, (shape) => {
    if (shape.length !== 2 && shape.length !== 3) {
      throw new DataError(
        `${path}: array of shape (${shape.join(", ")}); expected (samples, sites) or (samples, Lx, Ly).`,
      );
    }
    if (shape.includes(0)) {
      throw new DataError(`${path}: array of shape (${shape.join(", ")}) holds no configurations.`);
    }
    sides = shape.slice(1);
    return twoStateCheck(
      path,
      sides.reduce((product, side) => product * side, 1),
    );
  });
  return { rows, shape: sides.length === 2 ? sides : null };
}

/**
 * A check that throws a DataError at the first value that is not part of {−1, +1} or of {0, 1}, or if both alphabets
 * are mixed. It is shown the values block by block, `first` being the number of a block's first value.
 */
function twoStateCheck(path: string, columns: number): (values: ArrayLike<number>, first: number) => void {
  let low = NaN;
  return (values, first) => {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value === 1 || value === low) continue;
      if (Number.isNaN(low) && (value === 0 || value === -1)) {
        low = value;
        continue;
      }
      const place = `row ${Math.floor((first + index) / columns) + 1}, column ${((first + index) % columns) + 1}`;
      const mixed = value === 0 || value === -1;
      throw new DataError(
        `${path}: ${place} is ${value}${mixed ? ` but earlier values are ${low}` : ""}; ` +
          `expected only −1 and +1, or only 0 and 1. Threshold or recode the data first.`,
      );
    }
  };
}
