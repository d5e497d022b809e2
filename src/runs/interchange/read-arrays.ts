import { DataError, UsageError } from "../../errors/index.js";
import { readNpy, readNpz, readNumericCsv, type TypedArray } from "../../io/index.js";

/** A matrix or vector of a file, with where it comes from. */
export interface ForeignArray {
  /** File, and name in the archive, for messages. */
  readonly origin: string;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** Read one array: of a `.npy` file, or of text with a row a line. UsageError for other files. */
export function readForeignArray(path: string): ForeignArray {
  if (/\.npy$/i.test(path)) return { origin: path, ...finite(path, readNpy(path)) };
  if (/\.(csv|txt|tsv|dat)$/i.test(path)) return readText(path);
  throw new UsageError(
    `${path}: expected a file that ends in .npz, .npy, .csv, .tsv or .txt. In Python: ` +
      "numpy.savez(path, weights=W, visible_bias=c, hidden_bias=b).",
  );
}

function readText(path: string): ForeignArray {
  let values = new Float64Array(0);
  const { rows, columns } = readNumericCsv(path, (row, index) => {
    const first = index * row.length;
    if (first + row.length > values.length) {
      const larger = new Float64Array(Math.max(first + row.length, 2 * values.length));
      larger.set(values);
      values = larger;
    }
    values.set(row, first);
  });
  return { origin: path, shape: [rows, columns], data: values.subarray(0, rows * columns) };
}

/** The names of the arrays of an archive, and how to read some of them. */
export interface ForeignArchive {
  readonly path: string;
  readonly names: readonly string[];
  /** The array of that name, of any shape; null if there is none. */
  readonly read: (name: string) => ForeignArray | null;
}

export function openForeignArchive(path: string): ForeignArchive {
  const names = [...readNpz(path, () => false).keys()];
  return {
    path,
    names,
    read: (name) => {
      if (!names.includes(name)) return null;
      const array = readNpz(path, (other) => other === name).get(name)!;
      const origin = `${path}, array ${name}`;
      return { origin, ...finite(origin, array) };
    },
  };
}

function finite<T extends { readonly data: TypedArray }>(origin: string, array: T): T {
  const wrong = array.data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return array;
  throw new DataError(`${origin}: element ${wrong} is ${array.data[wrong]}; expected finite numbers.`);
}
