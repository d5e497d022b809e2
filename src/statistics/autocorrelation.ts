import type { Series } from "./series.js";
import { windowedVariance } from "./windowed-variance.js";

/** Below this many autocorrelation times in all, τ is known to worse than a factor of two. */
const LEAST_LENGTH = 50;

/** An integrated autocorrelation time, in units of the time between samples. */
export interface AutocorrelationTime {
  /** τ_int; ½ for independent samples. Its statistical error is about τ √(2(2W + 1)/n) (Madras & Sokal 1988). */
  readonly tau: number;
  /** W, the last lag summed. */
  readonly window: number;
  /** False when the window does not fit into the chains, n < 50 τ, or the series is constant. */
  readonly reliable: boolean;
}

/**
 * Integrated autocorrelation time τ = ½ + Σ_{t=1}^{W} ρ(t), W the smallest W ≥ windowFactor · τ(W) (Madras & Sokal, J.
 * Stat. Phys. 50, 109 (1988)), from autocovariances pooled over the chains about their common mean and corrected for its
 * bias; see `windowedVariance` for the formulas, and for the wider window of alternating correlations.
 *
 * Chains that sit at different levels count as correlated: ρ then has a plateau, the window runs to the end of the
 * chains and `reliable` is false. A constant series gives τ = ½. DataError for unequal chains, non-finite values or
 * fewer than two samples. Cost O(nW).
 *
 * @param series series[chain][time]
 * @param windowFactor W/τ; a larger one has less bias and more noise. DomainError unless above 0
 */
export function integratedAutocorrelationTime(series: Series, windowFactor = 6): AutocorrelationTime {
  const { tau, window, reached, samples, variance } = windowedVariance(series, windowFactor);
  return { tau, window, reliable: reached && variance > 0 && samples >= LEAST_LENGTH * tau };
}
