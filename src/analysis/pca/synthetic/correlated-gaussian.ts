import { power } from "../../../kernels/elementary.js";
import { deriveKey, fillStandardNormal, type SeedKey } from "../../../random/index.js";
import { latticeFourier } from "../../lattice-fourier.js";
import { latticeMomenta } from "../fourier-spectrum.js";
import { type Observations, realObservations } from "../observations.js";

/**
 * The structure factor S(k) = k̂^{−d/α} of a lattice of shape [N] or [Lx, Ly], d = 1 or 2, in the places of k; that of k = 0 is
 * the one of the longest wave.
 */
export function powerLawSpectrum(shape: readonly number[], inverseAlpha: number): Float64Array {
  const { magnitudes } = latticeMomenta(shape);
  const longest = magnitudes.filter((k) => k > 0).reduce((least, k) => Math.min(least, k));
  return magnitudes.map((k) => power(k > 0 ? k : longest, -inverseAlpha * shape.length));
}

/**
 * A Gaussian field on a periodic lattice with the spectrum of `powerLawSpectrum`; with 1/α = 7/8 that of the critical Ising
 * model. Its fourth moment is 3 through any modes. Rows 2p and 2p + 1 are the real and the imaginary part of one transform
 * Σ_k √(S(k)/N) z(k) e^{−ik·r}, z of unit normal parts from the stream (key, analysis, p).
 */
export function correlatedGaussian(
  rows: number,
  shape: readonly number[],
  inverseAlpha: number,
  key: SeedKey,
): Observations {
  const spectrum = powerLawSpectrum(shape, inverseAlpha);
  const sites = spectrum.length;
  const amplitudes = spectrum.map((s) => Math.sqrt(s / sites));
  const transform = latticeFourier(shape);
  const values = new Float64Array(rows * sites);
  const normals = new Float64Array(2 * sites);
  for (let row = 0; row < rows; row += 2) {
    fillStandardNormal(deriveKey(key, "analysis", row / 2), normals);
    for (let k = 0; k < normals.length; k++) normals[k] *= amplitudes[k % sites];
    transform(normals.subarray(0, sites), normals.subarray(sites));
    values.set(normals.subarray(0, sites * Math.min(2, rows - row)), row * sites);
  }
  return realObservations(values, rows, sites);
}
