import { MAX_UNITS } from "../analysis/pca/covariance.js";
import {
  BLOCK_ROWS,
  bitObservations,
  type Observations,
  type RowsVisitor,
} from "../analysis/pca/observations.js";
import { DataError, MissingInputError, UsageError } from "../errors/index.js";
import { pathStatus, readNpyBlocks, readNumericCsv, sha256File } from "../io/index.js";
import type { Lattice } from "../ising/lattice.js";
import type { IsingModel } from "../ising/model.js";
import type { BitMatrix } from "../kernels/index.js";
import { fileLattice, readDataset } from "./dataset-folder.js";
import { BitPacker } from "./bit-packer.js";

/** Data to be analysed, a row per observation, with what is known of their origin. */
export interface ObservedData {
  readonly observations: Observations;
  /** The periodic lattice the columns live on; null if there is none. */
  readonly lattice: Lattice | null;
  /** The Ising model they were drawn from, if known. */
  readonly model: IsingModel | null;
  /** sha256 of the file they were read from. */
  readonly sha256: string;
}

/**
 * Open a dataset folder, or a matrix of numbers with a row per observation: .npy (observations × units, or observations
 * × Lx × Ly on a torus) or text (.csv, .tsv, .txt, with or without a header). `lattice` says where the columns of a file
 * live. Data that are all −1/+1, or all 0/1, are held as bits and count as ±1; other numbers stay on disk and are read
 * again in every pass (but arrays in Fortran order are read as a whole). MissingInputError if there is nothing to read,
 * UsageError for other kinds of files, DataError, naming the place, for ragged rows, text, NaN, infinities, a single row,
 * more than 4096 columns, or a shape that does not fit the lattice.
 */
export function openObservations(path: string, lattice: string | null = null): ObservedData {
  const status = pathStatus(path);
  if (status === undefined) {
    throw new MissingInputError(
      `${path} does not exist; expected a dataset folder, or an .npy or .csv file.`,
    );
  }
  if (status.isDirectory()) {
    const dataset = readDataset(path, lattice);
    return { ...dataset, observations: bitObservations(dataset.rows) };
  }
  if (!status.isFile()) {
    throw new DataError(
      `${path} is a pipe or a device; the data are read several times. Save them to a file.`,
    );
  }
  const read = readerOf(path);
  const { rows, columns, shape, bits } = scan(path, read);
  return {
    observations:
      bits === null
        ? {
            rows,
            columns,
            bits,
            forEachBlock: (visit) => {
              read(path, () => visit);
            },
          }
        : bitObservations(bits),
    lattice: fileLattice(path, columns, shape, lattice),
    model: null,
    sha256: sha256File(path),
  };
}

/** Shape of a matrix: the sides of one observation ([units] or [Lx, Ly]) are known before its rows are read. */
type MatrixStart = (sides: readonly number[]) => RowsVisitor;

/** Hands out the rows of a file, at most BLOCK_ROWS at a time. */
type MatrixReader = (path: string, begin: MatrixStart) => void;

function readerOf(path: string): MatrixReader {
  if (/\.npy$/i.test(path)) return readNpyRows;
  if (/\.(csv|txt|tsv|dat)$/i.test(path)) return readTextRows;
  throw new UsageError(
    `${path}: expected a dataset folder, or a file that ends in .npy, .csv, .tsv or .txt.`,
  );
}

/** Read all of the file once: its size, whether every number is finite, and its bits if it has two states. */
function scan(
  path: string,
  read: MatrixReader,
): { rows: number; columns: number; shape: readonly number[] | null; bits: BitMatrix | null } {
  let rows = 0;
  let shape: readonly number[] = [];
  let packer = new BitPacker(0);
  read(path, (sides) => {
    shape = sides;
    const columns = product(sides);
    if (columns > MAX_UNITS) throw tooWide(path, columns);
    packer = new BitPacker(columns);
    return (values, count, first) => {
      requireFinite(path, values, count * columns, first, columns);
      packer.add(values, count);
      rows += count;
    };
  });
  if (rows < 2) {
    throw new DataError(
      `${path} holds ${rows} row(s): a row is one observation, and at least two are needed. Is the matrix transposed?`,
    );
  }
  return {
    rows,
    columns: product(shape),
    shape: shape.length === 2 ? shape : null,
    bits: packer.finish(),
  };
}

function tooWide(path: string, columns: number): DataError {
  return new DataError(
    `${path} has ${columns} columns; at most ${MAX_UNITS} can be analysed, as their covariance is a matrix of columns². ` +
      "Choose some of the columns, or average over groups of them. Is the matrix transposed?",
  );
}

function requireFinite(
  path: string,
  values: Float64Array,
  length: number,
  firstRow: number,
  columns: number,
): void {
  for (let k = 0; k < length; k++) {
    if (Number.isFinite(values[k])) continue;
    throw new DataError(
      `${path}: row ${firstRow + Math.floor(k / columns) + 1}, column ${(k % columns) + 1} is ${values[k]}; expected a ` +
        "finite number. Remove the row or fill in a value.",
    );
  }
}

function readNpyRows(path: string, begin: MatrixStart): void {
  readNpyBlocks(path, (shape) => {
    const [rows, ...sides] = shape;
    if (sides.length < 1 || sides.length > 2 || shape.includes(0)) {
      throw new DataError(
        `${path}: array of shape (${shape.join(", ")}); expected (observations, units) or (observations, Lx, Ly), none of them 0.`,
      );
    }
    const columns = product(sides);
    const visit = begin(sides);
    const block = new Float64Array(Math.min(BLOCK_ROWS, rows) * columns);
    return (values, first) => {
      const firstRow = first / columns;
      const count = values.length / columns;
      for (let row = 0; row < count; row += BLOCK_ROWS) {
        const taken = Math.min(BLOCK_ROWS, count - row);
        block.set(values.subarray(row * columns, (row + taken) * columns));
        visit(block, taken, firstRow + row);
      }
    };
  });
}

function readTextRows(path: string, begin: MatrixStart): void {
  let visit: RowsVisitor | undefined;
  let block = new Float64Array(0);
  let held = 0;
  const { rows } = readNumericCsv(path, (values, row) => {
    if (visit === undefined) {
      visit = begin([values.length]);
      block = new Float64Array(BLOCK_ROWS * values.length);
    }
    block.set(values, held * values.length);
    if (++held === BLOCK_ROWS) {
      visit(block, held, row + 1 - held);
      held = 0;
    }
  });
  if (held > 0) visit?.(block, held, rows - held);
}

function product(sides: readonly number[]): number {
  return sides.reduce((total, side) => total * side, 1);
}
