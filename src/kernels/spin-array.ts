import { DataError } from "../errors/index.js";
import { arrayView, inOrder, type NdArray, type TypedArray } from "./array-view.js";
import { type BitMatrix, packBits, unpackRow } from "./bit-matrix.js";

/**
 * Configurations as numbers ±1 (a copy), shape (samples, …shape): with `shape` [Lx, Ly] those of a torus. The default is one
 * axis of all units. DomainError if the shape does not hold the units of a row.
 */
export function spinArray(
  configurations: BitMatrix,
  shape: readonly number[] = [configurations.columns],
): NdArray<Int8Array> {
  const { rows, columns } = configurations;
  const values = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) unpackRow(configurations, row, values, -1, 1, row * columns);
  return arrayView(values, [rows, ...shape]);
}

/**
 * Configurations from numbers that are all ±1 or all 0/1, of shape (samples, …) and any strides; 1 is the upper state. Units are
 * numbered in the order of the axes after the first, the last varying fastest. DataError for other numbers, or without two axes
 * at least.
 */
export function packSpins(array: NdArray<TypedArray>): BitMatrix {
  if (array.dimension < 2) {
    throw new DataError(
      `an array of shape (${array.shape.join(", ")}); expected (samples, units) or (samples, Lx, Ly).`,
    );
  }
  const values = inOrder(array);
  const lower = values.find((value) => value !== 1) ?? 0;
  const wrong = values.findIndex((value) => value !== 1 && value !== lower);
  if ((lower !== 0 && lower !== -1) || wrong >= 0) {
    const found = wrong >= 0 ? `${lower} and ${values[wrong]}` : String(lower);
    throw new DataError(`an array that holds ${found}; expected −1 and 1, or 0 and 1, alone.`);
  }
  return packBits(values, array.shape[0], array.size / Math.max(1, array.shape[0]));
}
