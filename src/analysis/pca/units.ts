import { DataError } from "../../errors/index.js";
import type { Covariance } from "./covariance.js";

/** The columns of the data that take part, as fluctuating units φ_i = (x − mean)·scale, and their covariance. */
export interface Units {
  /** Rows of the data. */
  readonly samples: number;
  /** N, units that take part. */
  readonly count: number;
  /** Column of the data that each unit is, ascending. */
  readonly columns: Uint32Array;
  /** What each unit is measured from: the mean of its column, or 0. */
  readonly means: Float64Array;
  /** 1, or 1 over the standard deviation of the column where the data are standardised. */
  readonly scales: Float64Array;
  /** C = ⟨φ φᵀ⟩, N × N. */
  readonly covariance: Float64Array;
  /** Columns left out since they never change, ascending. */
  readonly constant: readonly number[];
}

/**
 * Leave out the columns without variance, and with `standardize` divide each other one by its standard deviation, so that
 * C is the correlation matrix. DataError if fewer than two columns are left.
 */
export function chooseUnits(full: Covariance, standardize: boolean): Units {
  const variance = (column: number): number => full.matrix[column * full.units + column];
  const every = Array.from({ length: full.units }, (_, column) => column);
  const constant = every.filter((column) => !(variance(column) > 0));
  const columns = Uint32Array.from(every.filter((column) => variance(column) > 0));
  if (columns.length < 2) {
    throw new DataError(
      `${columns.length} of ${full.units} columns vary: at least two are needed to find modes in.`,
    );
  }
  const count = columns.length;
  const scales = Float64Array.from(columns, (column) => (standardize ? 1 / Math.sqrt(variance(column)) : 1));
  const covariance = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const value = full.matrix[columns[i] * full.units + columns[j]] * scales[i] * scales[j];
      covariance[i * count + j] = standardize && i === j ? 1 : value;
    }
  }
  const means = Float64Array.from(columns, (column) => full.means[column]);
  return { samples: full.samples, count, columns, means, scales, covariance, constant };
}

/** φ of `rows` rows of data, row-major; `columns` is the number of columns of the data. */
export function fluctuations(
  units: Units,
  values: Float64Array,
  columns: number,
  rows: number,
  out: Float64Array,
): void {
  const { count } = units;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < count; i++) {
      out[row * count + i] = (values[row * columns + units.columns[i]] - units.means[i]) * units.scales[i];
    }
  }
}
