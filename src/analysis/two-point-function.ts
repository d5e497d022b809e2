import { DataError } from "../errors/index.js";
import { type BitMatrix, unpackRow } from "../kernels/index.js";
import { latticeFourier } from "./lattice-fourier.js";
import { siteCount } from "./lattice-geometry.js";

/**
 * C(r) = ⟨(1/N) Σ_x v_x v_{x+r}⟩ over the rows (not connected), averaged over translations, for every displacement r of the
 * lattice of shape [N] or [Lx, Ly], row-major; C(0) = 1. By the Wiener–Khinchin theorem from |v̂(k)|², two rows a transform.
 * DataError without rows, or where the columns are not the sites.
 */
export function twoPointFunction(rows: BitMatrix, shape: readonly number[]): Float64Array {
  const sites = siteCount(shape);
  if (rows.columns !== sites || rows.rows === 0) {
    throw new DataError(
      `${rows.rows} rows of ${rows.columns} spins: expected at least one row of the ${sites} sites of ${shape.join("×")}.`,
    );
  }
  const transform = latticeFourier(shape);
  const [real, imaginary] = [new Float64Array(sites), new Float64Array(sites)];
  const power = new Float64Array(sites);
  for (let row = 0; row < rows.rows; row += 2) {
    unpackRow(rows, row, real);
    if (row + 1 < rows.rows) unpackRow(rows, row + 1, imaginary);
    else imaginary.fill(0);
    transform(real, imaginary);
    for (let k = 0; k < sites; k++) power[k] += real[k] * real[k] + imaginary[k] * imaginary[k];
  }
  // |â(k) + i b̂(k)|² is not even in k, but its even part, which is the real part of its transform, is |â|² + |b̂|².
  imaginary.fill(0);
  transform(power, imaginary);
  return power.map((value) => value / (sites * sites * rows.rows));
}
