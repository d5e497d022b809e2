import { DataError } from "../../errors/index.js";
import { type BitMatrix, bitMatrix, setBit } from "../../kernels/index.js";
import { atan2, sin } from "../../kernels/elementary.js";
import { deriveKey, fillStandardNormal, type SeedKey } from "../../random/index.js";
import { latticeFourier } from "../lattice-fourier.js";
import { siteCount } from "../lattice-geometry.js";

/**
 * A Gaussian field φ on the torus whose signs have a given two-point function: ⟨φ_0 φ_r⟩ = ρ(r) = sin(π C(r)/2), as
 * ⟨sign φ_0 sign φ_r⟩ = (2/π) arcsin ρ(r) (Van Vleck & Middleton, Proc. IEEE 54, 2 (1966)).
 */
export interface GaussianClone {
  /** [N] or [Lx, Ly]. */
  readonly shape: readonly number[];
  /** λ(k) = Σ_r ρ(r) cos(k·r) ≥ 0 in the places of r, Σ_k λ = N. */
  readonly spectrum: Float64Array;
  /** The two-point function that signs of φ have, exactly; `correlations` but for what was clipped. */
  readonly correlations: Float64Array;
  /** Wave vectors whose λ came out negative and was set to 0: no Gaussian field has exactly the correlations asked for. */
  readonly clippedModes: number;
  /** Their share Σ|λ₋|/Σ|λ| of the spectrum. */
  readonly clippedShare: number;
  /** max_r |C(r) asked for − C(r) had|. */
  readonly largestDeviation: number;
}

/** |λ| below this share of the largest is rounding and not counted as clipped. */
const ROUNDING = 1e-12;

/**
 * The Gaussian field for a two-point function C(r) of ±1 spins, C(0) = 1 and even in r, on a lattice of shape [N] or [Lx, Ly].
 * Negative λ(k) are set to 0 and the rest scaled to ρ(0) = 1. DataError for another length or a |C| above 1.
 */
export function gaussianClone(correlations: Float64Array, shape: readonly number[]): GaussianClone {
  const sites = requireCorrelations(correlations, shape);
  const transform = latticeFourier(shape);
  const raw = correlations.map((value) => sin((Math.PI * Math.min(1, Math.max(-1, value))) / 2));
  transform(raw, new Float64Array(sites));
  const floor = -ROUNDING * raw.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const [positive, negative] = [sum(raw.map((x) => Math.max(0, x))), sum(raw.map((x) => Math.max(0, -x)))];
  const spectrum = raw.map((value) => (Math.max(0, value) * sites) / positive);

  const covariance = spectrum.map((value) => value / sites);
  transform(covariance, new Float64Array(sites));
  const achieved = covariance.map((rho, r) => (r === 0 ? 1 : (2 / Math.PI) * arcsin(rho)));
  return {
    shape,
    spectrum,
    correlations: achieved,
    clippedModes: raw.filter((value) => value < floor).length,
    clippedShare: negative / (positive + negative),
    largestDeviation: achieved.reduce(
      (most, value, r) => Math.max(most, Math.abs(value - correlations[r])),
      0,
    ),
  };
}

/**
 * Independent configurations sign φ: data with the same pair correlations and no others of their own (all higher ones follow
 * from the pairs). Rows 2p and 2p + 1 are the real and the imaginary part of one transform
 * φ(r) = Σ_k √(λ(k)/N) z(k) e^{−ik·r}, z of unit normal parts from the stream (key, analysis, p).
 */
export function sampleGaussianClone(clone: GaussianClone, rows: number, key: SeedKey): BitMatrix {
  const sites = siteCount(clone.shape);
  const out = bitMatrix(rows, sites);
  const transform = latticeFourier(clone.shape);
  const amplitudes = clone.spectrum.map((value) => Math.sqrt(value / sites));
  const normals = new Float64Array(2 * sites);
  for (let row = 0; row < rows; row += 2) {
    fillStandardNormal(deriveKey(key, "analysis", row / 2), normals);
    const parts = [normals.subarray(0, sites), normals.subarray(sites)];
    for (const part of parts) for (let k = 0; k < sites; k++) part[k] *= amplitudes[k];
    transform(parts[0], parts[1]);
    parts.slice(0, rows - row).forEach((part, index) => {
      for (let site = 0; site < sites; site++) if (part[site] > 0) setBit(out, row + index, site, 1);
    });
  }
  return out;
}

function requireCorrelations(correlations: Float64Array, shape: readonly number[]): number {
  const sites = siteCount(shape);
  if (correlations.length !== sites) {
    throw new DataError(
      `${correlations.length} correlations for ${shape.join("×")}: expected ${sites}, one a displacement.`,
    );
  }
  const bad = correlations.findIndex((value) => !(Math.abs(value) <= 1 + 1e-9));
  if (bad >= 0) {
    throw new DataError(
      `correlation ${bad} is ${correlations[bad]}: ±1 spins have correlations from −1 to 1.`,
    );
  }
  return sites;
}

/** arcsin of a number that may exceed 1 by rounding. */
function arcsin(x: number): number {
  return atan2(x, Math.sqrt(Math.max(0, (1 - x) * (1 + x))));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
