import type { SeedKey } from "../../random/index.js";
import { bootstrapIndices } from "../../statistics/index.js";
import { fitPowerLaw } from "./power-law.js";

/** Groups of the modes' variances: means over the rows of each group, by mode. */
export type GroupedVariances = readonly ArrayLike<number>[];

/** A spectrum λ(x) of mode variances and its power law. */
export interface SpectralExponent {
  /** 1/α of λ ∝ n^{−1/α}, n the rank of a mode, that is ρ(λ) ∝ λ^{α−1} for the stiffnesses λ → 1/λ. */
  readonly inverseAlpha: number;
  /** α; the quartic coupling is relevant for α < 2. */
  readonly alpha: number;
  /** Sampling error of 1/α, by bootstrap over groups of rows. */
  readonly standardError: number;
  /** 1/α of the lower and the upper half of the range. */
  readonly halves: readonly [number, number];
  /** 1/α ± √((1.96 · sampling error)² + (half the difference of the halves)²). */
  readonly interval: readonly [number, number];
  /** Whether the halves agree to within 0.15: a curve is not a power law, however small its error bar. */
  readonly straight: boolean;
  /** Smallest and largest x that were fitted. */
  readonly range: readonly [number, number];
  /** How many modes were fitted. */
  readonly points: number;
}

/** Halves that differ by more are no power law; the critical Ising spectra differ by less than 0.1. */
const STRAIGHT = 0.15;

/** The points of a spectrum: modes with abscissa x, and by how much 1/α exceeds the slope in ln x. */
export interface SpectrumPoints {
  readonly x: ArrayLike<number>;
  /** Indices of the modes to fit. */
  readonly fitted: ArrayLike<number>;
  /** −1/slope of n in x: 1 where x is the rank, 1/d where x is a momentum in d dimensions (n ∝ k^d). */
  readonly rankPower: number;
}

/**
 * Fit 1/α to the mode variances averaged over all groups, with an interval that counts the sampling error (bootstrap over
 * groups) and the curvature (halves of the range). NaN with fewer than 6 modes.
 */
export function spectralExponent(
  { x, fitted, rankPower }: SpectrumPoints,
  groups: GroupedVariances,
  key: SeedKey,
): SpectralExponent {
  const abscissae = Array.from(fitted, (mode) => x[mode]);
  const fit = (drawn: ArrayLike<number>): ReturnType<typeof fitPowerLaw> => {
    const variances = Array.from(fitted, (mode) => {
      let sum = 0;
      for (let g = 0; g < drawn.length; g++) sum += groups[drawn[g]][mode];
      return sum / drawn.length;
    });
    return fitPowerLaw(abscissae, variances);
  };
  const toExponent = (slope: number): number => -slope * rankPower;
  const { slope, halves } = fit(groups.map((_, g) => g));
  const inverseAlpha = toExponent(slope);
  const ends = [toExponent(halves[0]), toExponent(halves[1])] as const;
  const standardError =
    Number.isFinite(slope) && groups.length > 1
      ? bootstrapIndices(groups.length, (drawn) => toExponent(fit(drawn).slope), { key, resamples: 200 })
          .standardError
      : NaN;
  const curvature = Math.abs(ends[0] - ends[1]) / 2;
  const reach = Math.sqrt((1.96 * standardError) ** 2 + curvature * curvature);
  return {
    inverseAlpha,
    alpha: 1 / inverseAlpha,
    standardError,
    halves: ends,
    interval: [inverseAlpha - reach, inverseAlpha + reach],
    straight: 2 * curvature <= STRAIGHT,
    range: [Math.min(...abscissae), Math.max(...abscissae)],
    points: abscissae.length,
  };
}

/**
 * The ranks that are fitted, counted from 1: 6 … N/10. The first five modes (a collective one and, on a torus, the shell
 * of four after it) feel the size of the system, the last nine tenths the spacing of the units. With N < 120, which
 * leaves too few, 2 … N/4.
 */
export function fittedRanks(count: number): readonly [first: number, last: number] {
  return count >= 120 ? [6, Math.floor(count / 10)] : [2, Math.floor(count / 4)];
}

/**
 * The momenta that are fitted on a lattice: k̂ from 6π/L to 1, beyond the modes that feel the size of the system and below
 * those that feel the spacing (k̂ = 2 sin(k/2) is k to 4 % there). With L < 32, which leaves too few, 5π/2L … 3/2: all but
 * k = 0 and the first shell.
 */
export function fittedMomenta(shape: readonly number[]): readonly [lowest: number, highest: number] {
  const side = Math.min(...shape);
  return side >= 32 ? [(6 * Math.PI) / side, 1] : [(2.5 * Math.PI) / side, 1.5];
}
