import { DataError, DomainError } from "../errors/index.js";
import { isConstant, type Series, seriesMean, seriesShape } from "./series.js";

/** Everything the autocovariances up to an automatic window say about a series of n samples. */
export interface WindowedVariance {
  readonly samples: number;
  readonly mean: number;
  /** Γ(0), the variance of one sample, free of the bias of the common mean. */
  readonly variance: number;
  /** Variance of the mean over all samples. */
  readonly meanVariance: number;
  /** ½ + Σ_{t=1}^{W} ρ(t), in samples. */
  readonly tau: number;
  /** W, in samples. */
  readonly window: number;
  /** Whether the window closed by its own rule, and not at the end of the chains. */
  readonly reached: boolean;
  /** ν: `meanVariance` fluctuates like σ² χ²_ν / ν, hence (mean − exact)/error like Student's t with ν degrees. */
  readonly degreesOfFreedom: number;
}

/**
 * Variance of the mean from the autocovariances about the common mean, summed up to a self-consistent window.
 *
 * With C chains of L samples, n = CL, d = x − x̄ and g(t) = Σ_chains Σ_i d_i d_{i+t} / n (so E g(t) ≈ (1 − t/L)(Γ(t) − V)):
 *
 *   V(W) = [g(0) + 2 Σ_{t≤W} g(t)] / (n − b(W)),   b(W) = 2W + 1 − W(W + 1)/L,   ν = n/b(W) − 1.
 *
 * b is the mean number of samples inside the window of a sample. Subtracting it removes the bias of the common mean:
 * exact at W = 0 (independent samples: s²/n, ν = n − 1) and at W = L − 1, where V is the between-chain variance
 * Σ_c (x̄_c − x̄)² / (C(C − 1)) with ν = C − 1; in between, to leading order, it is the factor 1 + (2W + 1)/n of Wolff,
 * Comput. Phys. Commun. 156, 143 (2004), eq. 49. Then Γ(0) = g(0) + V, ρ(t) = [g(t) L/(L − t) + V]/Γ(0).
 *
 * The window is the smallest W ≥ windowFactor · max(τ(W), ½ + 2 Σ_{t≤W} ρ²). The first is Madras & Sokal, J. Stat.
 * Phys. 50, 109 (1988), app. C. The second never exceeds it where ρ is a positive mixture of decaying exponentials (any
 * reversible chain without negative eigenvalues) and keeps the window open where ρ alternates and τ is small. W stops at
 * L − 1, or where b = n/2 (a single chain, whose sum over all lags vanishes identically); `reached` is then false.
 *
 * Where noise or anticorrelation drives the sum to zero or below, half of its positive definite (Bartlett) version is
 * the floor, and τ ≥ 1/(2n). A constant series has V = 0, τ = ½. DataError below two samples. Cost O(nW).
 */
export function windowedVariance(series: Series, windowFactor: number): WindowedVariance {
  const { length, samples } = seriesShape(series);
  if (samples < 2) throw new DataError("a series of one sample: an error bar needs at least two.");
  if (!(windowFactor > 0))
    throw new DomainError(`window factor ${windowFactor}: a number above 0 is needed.`);
  const mean = seriesMean(series);
  if (isConstant(series)) return constantSeries(mean, samples);

  const centered = series.map((chain) => chain.map((value) => value - mean));
  const atZero = laggedSum(centered, 0) / samples;
  let banded = atZero; // Σ_{|t|≤W} g(t)
  let firstMoment = 0; // Σ_{|t|≤W} |t| g(t)
  let covariances = 0; // Σ_{t=1}^{W} g(t) L/(L − t)
  let squares = 0; // Σ_{t=1}^{W} [g(t) L/(L − t)]²
  for (let window = 0; ; window++) {
    if (window > 0) {
      const lagged = laggedSum(centered, window) / samples;
      const covariance = (lagged * length) / (length - window);
      banded += 2 * lagged;
      firstMoment += 2 * window * lagged;
      covariances += covariance;
      squares += covariance * covariance;
    }
    const band = bandWidth(window, length);
    const bartlett = Math.max(0, banded - firstMoment / (window + 1));
    const meanVariance = Math.max(banded, bartlett / 2, atZero / samples) / (samples - band);
    const variance = atZero + meanVariance;
    const sum = (covariances + window * meanVariance) / variance;
    const squareSum =
      (squares + 2 * meanVariance * covariances + window * meanVariance * meanVariance) /
      (variance * variance);
    const reached = window >= windowFactor * Math.max(0.5 + sum, 0.5 + 2 * squareSum);
    if (!reached && window + 1 < length && bandWidth(window + 1, length) <= samples / 2) continue;

    const tau = Math.max(0.5 + sum, bartlett / (4 * variance), 0.5 / samples);
    const degreesOfFreedom = samples / band - 1;
    return { samples, mean, variance, meanVariance, tau, window, reached, degreesOfFreedom };
  }
}

/** b(W): the mean number of samples of the same chain at most W steps away from a sample, itself included. */
function bandWidth(window: number, length: number): number {
  return 2 * window + 1 - (window * (window + 1)) / length;
}

/** Σ_chains Σ_i d_i d_{i+lag}. Four partial sums, since one would wait for each addition before the next. */
function laggedSum(centered: Series, lag: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (const chain of centered) {
    const pairs = chain.length - lag;
    let i = 0;
    for (; i + 3 < pairs; i += 4) {
      sum0 += chain[i] * chain[i + lag];
      sum1 += chain[i + 1] * chain[i + 1 + lag];
      sum2 += chain[i + 2] * chain[i + 2 + lag];
      sum3 += chain[i + 3] * chain[i + 3 + lag];
    }
    for (; i < pairs; i++) sum0 += chain[i] * chain[i + lag];
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function constantSeries(mean: number, samples: number): WindowedVariance {
  return {
    samples,
    mean,
    variance: 0,
    meanVariance: 0,
    tau: 0.5,
    window: 0,
    reached: true,
    degreesOfFreedom: samples - 1,
  };
}
