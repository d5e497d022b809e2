import { DomainError } from "../../errors/index.js";

/** Eigenvalues that sampling alone makes of uncorrelated units. */
export interface NoiseBand {
  /** (1 − √(N/S))² σ², 0 where N ≥ S. */
  readonly lower: number;
  /** (1 + √(N/S))² σ². */
  readonly upper: number;
}

/**
 * The band of Marchenko & Pastur (Math. USSR Sb. 1, 457 (1967)): the eigenvalues of the covariance of N uncorrelated units
 * of variance σ² in S independent samples lie in σ²(1 ± √(N/S))² as both grow, apart from N − S zeros where N > S. An
 * eigenvalue above it belongs to a mode that the units share, or, where variances are unequal, to a unit of more than the mean
 * variance: standardise to tell. Correlated samples count as fewer than S.
 */
export function marchenkoPasturBand(units: number, samples: number, variance: number): NoiseBand {
  if (!(units >= 1 && samples >= 1 && variance >= 0)) {
    throw new DomainError(
      `noise band of ${units} units of variance ${variance} in ${samples} samples: counts ≥ 1 and a variance ≥ 0 are needed.`,
    );
  }
  const root = Math.sqrt(units / samples);
  const low = Math.max(0, 1 - root);
  return { lower: variance * low * low, upper: variance * (1 + root) * (1 + root) };
}
