import { DataError, DomainError } from "../../errors/index.js";
import { type BitMatrix, bitMatrix, popcount, transposeBits } from "../../kernels/index.js";
import { addGram, matrixRows, mirrorLower } from "../../statistics/matrix-product.js";
import { BLOCK_ROWS, type Observations } from "./observations.js";

/** Largest number of units: the covariance then takes 128 MiB and its eigenvectors some minutes. */
export const MAX_UNITS = 4096;

/** Fourth powers of covariances of numbers in this range neither overflow nor vanish. */
const LARGEST = 1e30;
const SMALLEST_SPREAD = 1e-30;

/** How φ is measured: from the mean of the data, or from 0 where symmetry says that this is the mean. */
export type MeanChoice = "data" | "zero";

/** Second moments of some data. */
export interface Covariance {
  readonly samples: number;
  readonly units: number;
  /** What φ is measured from: the mean of every column, or zeros. */
  readonly means: Float64Array;
  /** C = ⟨φ φᵀ⟩, units × units, with 1/samples in front. */
  readonly matrix: Float64Array;
  /** Columns that hold one number only, ascending. */
  readonly constant: readonly number[];
}

/**
 * Covariance C = (1/S) Σ_s φ_s φ_sᵀ, φ = x − means, in one pass over the rows. Two-state data are counted bit by bit,
 * which is exact; real numbers are measured from the mean of the first block on the way, so that a mean far from zero
 * does not cost digits. DataError below two rows, for a number that is not finite or above 1e30, or a column that varies by
 * less than 1e-30; DomainError above MAX_UNITS columns. Cost S·N² operations, a thirtieth of it for bits.
 */
export function covariance(observations: Observations, mean: MeanChoice = "data"): Covariance {
  const { rows, columns, bits } = observations;
  if (rows < 2) throw new DataError(`a covariance of ${rows} row(s): at least two observations are needed.`);
  requireUnitCount(columns);
  const sums = bits === null ? realSums(observations) : bitSums(bits);
  const { shift, first, second, constant } = sums;
  const average = first.map((sum) => sum / rows);
  // About the shift the second moment is C + m mᵀ, m = average; about zero it is C + (m + shift)(m + shift)ᵀ.
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      const centered = second[i * columns + j] / rows - average[i] * average[j];
      const raw = (average[i] + shift[i]) * (average[j] + shift[j]);
      second[i * columns + j] = mean === "data" ? centered : centered + raw;
    }
  }
  for (const column of mean === "data" ? constant : []) {
    for (let j = 0; j < columns; j++) second[Math.max(column, j) * columns + Math.min(column, j)] = 0;
  }
  mirrorLower(second, columns);
  const means = average.map((value, i) => (mean === "data" ? value + shift[i] : 0));
  return { samples: rows, units: columns, means, matrix: second, constant };
}

function requireUnitCount(columns: number): void {
  if (columns <= MAX_UNITS) return;
  throw new DomainError(
    `${columns} columns: at most ${MAX_UNITS} can be analysed, as their covariance is a matrix of columns². ` +
      "Choose some of the columns, or average over groups of them.",
  );
}

/** Σ (x − shift) and the lower triangle of Σ (x − shift)(x − shift)ᵀ. */
interface Sums {
  readonly shift: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly constant: readonly number[];
}

/** Counted: Σ x_i x_j = S − 2 · (rows in which the bits differ). */
function bitSums(bits: BitMatrix): Sums {
  const { rows, columns } = bits;
  const transposed = bitMatrix(columns, rows);
  transposeBits(bits, transposed);
  const { words, wordsPerRow } = transposed;
  const first = new Float64Array(columns);
  const second = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    const own = words.subarray(i * wordsPerRow, (i + 1) * wordsPerRow);
    first[i] = 2 * own.reduce((count, word) => count + popcount(word), 0) - rows;
    for (let j = 0; j <= i; j++) {
      second[i * columns + j] = rows - 2 * countDifferences(own, words, j * wordsPerRow);
    }
  }
  const constant = columnsWhere(first, (sum) => Math.abs(sum) === rows);
  return { shift: new Float64Array(columns), first, second, constant };
}

function countDifferences(own: Uint32Array, words: Uint32Array, start: number): number {
  let count = 0;
  for (let k = 0; k < own.length; k++) count += popcount(own[k] ^ words[start + k]);
  return count;
}

function realSums(observations: Observations): Sums {
  const { columns } = observations;
  const shift = new Float64Array(columns);
  const first = new Float64Array(columns);
  const second = new Float64Array(columns * columns);
  const lowest = new Float64Array(columns).fill(Infinity);
  const highest = new Float64Array(columns).fill(-Infinity);
  const transposed = new Float64Array(columns * Math.min(BLOCK_ROWS, observations.rows));
  observations.forEachBlock((values, rows, firstRow) => {
    if (firstRow === 0) columnMeans(values, rows, shift);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns; i++) {
        const value = values[row * columns + i];
        requireInRange(value, firstRow + row, i);
        if (value < lowest[i]) lowest[i] = value;
        if (value > highest[i]) highest[i] = value;
        first[i] += value - shift[i];
        transposed[i * rows + row] = value - shift[i];
      }
    }
    addGram(matrixRows(transposed, rows, 0, columns), rows, matrixRows(second, columns));
  });
  requireSpread(lowest, highest);
  return { shift, first, second, constant: columnsWhere(lowest, (low, i) => low === highest[i]) };
}

function requireInRange(value: number, row: number, column: number): void {
  if (Math.abs(value) <= LARGEST) return;
  const expected = Number.isFinite(value)
    ? `a number of at most ${LARGEST}, as fourth powers are taken. Divide the data by a common factor`
    : "a finite number";
  throw new DataError(`row ${row + 1}, column ${column + 1} is ${value}; expected ${expected}.`);
}

function requireSpread(lowest: Float64Array, highest: Float64Array): void {
  const narrow = lowest.findIndex((low, i) => low < highest[i] && highest[i] - low < SMALLEST_SPREAD);
  if (narrow < 0) return;
  throw new DataError(
    `column ${narrow + 1} varies from ${lowest[narrow]} to ${highest[narrow]}, by less than ${SMALLEST_SPREAD}, of which the ` +
      "fourth power vanishes. Multiply the data by a common factor.",
  );
}

/** Means good enough to measure from; a column with a bad number keeps zero, and is reported when it is read. */
function columnMeans(values: Float64Array, rows: number, out: Float64Array): void {
  const columns = out.length;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) out[i] += values[row * columns + i] / rows;
  }
  for (let i = 0; i < columns; i++) if (!Number.isFinite(out[i])) out[i] = 0;
}

function columnsWhere(values: Float64Array, test: (value: number, i: number) => boolean): number[] {
  const found: number[] = [];
  values.forEach((value, i) => {
    if (test(value, i)) found.push(i);
  });
  return found;
}
