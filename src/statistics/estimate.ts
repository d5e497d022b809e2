import { betweenChainVariance, exceeds } from "./between-chains.js";
import type { Series } from "./series.js";
import { windowedVariance } from "./windowed-variance.js";

/** Below this many degrees of freedom an error bar is an order of magnitude, not a measurement. */
const LEAST_DEGREES = 4;

/** A mean with its error bar. */
export interface MeanEstimate {
  /** The mean over all samples of all chains. */
  readonly value: number;
  /** One standard deviation of `value`: error² = 2 τ σ² / n. */
  readonly error: number;
  /** τ, in samples, as it acts on this mean: chains shorter than the correlations cut it off. */
  readonly tau: number;
  /** n/(2τ): as many independent samples would give the same error. */
  readonly effectiveSamples: number;
  /** ν: (value − exact)/error is distributed as Student's t with about ν degrees of freedom. */
  readonly degreesOfFreedom: number;
  /** False when ν < 4, the chains disagree, or the series is constant. */
  readonly reliable: boolean;
}

/**
 * Mean of a series with an error bar that counts autocorrelations, error = √(2 τ σ²/n), from the bias-corrected windowed
 * autocovariances of `windowedVariance` (window factor 6). Many short chains pass continuously into the between-chain
 * variance (window L − 1), many chains of one sample into s/√n.
 *
 * Cross-check: where the chain means scatter more than the correlations inside the chains explain (score above 4), the
 * chains have not mixed; the error is then the between-chain one and `reliable` is false.
 *
 * Calibration (test/statistics/estimate.test.ts): E error² is the exact variance within 10 % from n = 100 τ on, and
 * for independent chains of any length; the standard deviation of z = (value − exact)/error is √(ν/(ν − 2)), hence within 10 % of 1 when ν ≥ 12: n ≥ 160 τ for
 * chains longer than the window, or 13 chains of any length. A single chain of n < 20 τ cannot know its error.
 *
 * A constant series has error 0, τ = ½. DataError for unequal chains, non-finite values or fewer than two samples.
 *
 * @param series series[chain][time]
 */
export function estimateMean(series: Series): MeanEstimate {
  const windowed = windowedVariance(series, 6);
  const { samples, mean: value, variance } = windowed;
  if (variance === 0) {
    const degreesOfFreedom = windowed.degreesOfFreedom;
    return { value, error: 0, tau: 0.5, effectiveSamples: samples, degreesOfFreedom, reliable: false };
  }
  const between = series.length > 1 ? betweenChainVariance(series) : 0;
  const mixed =
    series.length < 2 ||
    !exceeds(between, series.length - 1, windowed.meanVariance, windowed.degreesOfFreedom);
  const meanVariance = mixed ? windowed.meanVariance : between;
  const degreesOfFreedom = mixed ? windowed.degreesOfFreedom : series.length - 1;
  return {
    value,
    error: Math.sqrt(meanVariance),
    tau: (samples * meanVariance) / (2 * variance),
    effectiveSamples: variance / meanVariance,
    degreesOfFreedom,
    reliable: mixed && degreesOfFreedom >= LEAST_DEGREES,
  };
}
