import { DataError, UsageError } from "../errors/index.js";
import { readNpy, readNumericCsv } from "../io/index.js";
import { type BitMatrix, packBits } from "../kernels/index.js";

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
    const { rows, columns, data } = readNumericCsv(path);
    requireTwoStates(path, data, columns);
    return { rows: packBits(data, rows, columns), shape: null };
  }
  throw new UsageError(
    `${path}: expected a dataset folder, or a file that ends in .npy, .csv, .tsv or .txt.`,
  );
}

function readNpyConfigurations(path: string): DataFile {
  const { shape, data } = readNpy(path);
  if (shape.length !== 2 && shape.length !== 3) {
    throw new DataError(
      `${path}: array of shape (${shape.join(", ")}); expected (samples, sites) or (samples, Lx, Ly).`,
    );
  }
  const [samples, ...sides] = shape;
  const sites = sides.reduce((product, side) => product * side, 1);
  if (samples === 0 || sites === 0) {
    throw new DataError(`${path}: array of shape (${shape.join(", ")}) holds no configurations.`);
  }
  requireTwoStates(path, data, sites);
  return { rows: packBits(data, samples, sites), shape: sides.length === 2 ? sides : null };
}

/** Throw a DataError at the first value that is not part of {−1, +1} or of {0, 1}, or if both alphabets are mixed. */
function requireTwoStates(path: string, data: ArrayLike<number>, columns: number): void {
  let low = NaN;
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    if (value === 1 || value === low) continue;
    if (Number.isNaN(low) && (value === 0 || value === -1)) {
      low = value;
      continue;
    }
    const place = `row ${Math.floor(index / columns) + 1}, column ${(index % columns) + 1}`;
    const mixed = value === 0 || value === -1;
    throw new DataError(
      `${path}: ${place} is ${value}${mixed ? ` but earlier values are ${low}` : ""}; ` +
        `expected only −1 and +1, or only 0 and 1. Threshold or recode the data first.`,
    );
  }
}
