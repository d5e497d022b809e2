import { exp, expm1, log1p } from "../../kernels/elementary.js";
import { RandomStream, type SeedKey } from "../../random/index.js";
import { logSumExp, quantile } from "../../statistics/index.js";

/** e^{x_i} / Σ e^{x}: the weights, normalised. */
export function normalizedWeights(logWeights: Float64Array): Float64Array {
  const total = logSumExp(logWeights);
  return logWeights.map((x) => exp(x - total));
}

/** (Σw)²/Σw²: as many equal weights would average as well. Between 1 and the number of weights. */
export function effectiveSamples(logWeights: Float64Array): number {
  return 1 / normalizedWeights(logWeights).reduce((sum, w) => sum + w * w, 0);
}

/**
 * Standard deviation of ln (1/N) Σ w_i for weights w_i = e^{x_i}, x = `logWeights`; `families` as for `relativeVariance`.
 * The relative variance r² of the mean is the larger of that function's and (e^{s²} − 1)/N, s² the mean square of
 * x − median over the upper half of x: what it would be for a normal upper half, whose tail the sample has not seen where s
 * is large. The result is √ln(1 + r²), the standard deviation of the logarithm of a log-normal mean: r where that is small.
 */
export function logMeanError(logWeights: Float64Array, families?: Uint32Array): number {
  const seen = relativeVariance(normalizedWeights(logWeights), families);
  const unseen = expm1(Math.min(500, upperSpread(logWeights))) / logWeights.length;
  return Math.sqrt(log1p(Math.max(seen, unseen)));
}

/**
 * Relative variance of the mean of N positive values that descend from E independent ancestors, Σ_e (S_e − 1/E)², S_e the
 * share of family e in their sum. `families` names the ancestor of each value, 0 … E − 1, each its own if absent; E is N if
 * absent. The delta method, and with common ancestors the estimate of Chan & Lai, Ann. Statist. 41, 2877 (2013).
 */
export function relativeVariance(
  values: Float64Array,
  families?: Uint32Array,
  ancestors = values.length,
): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const shares = new Float64Array(ancestors);
  values.forEach((value, i) => (shares[families?.[i] ?? i] += value / total));
  return shares.reduce((sum, share) => sum + (share - 1 / ancestors) ** 2, 0);
}

/** Mean square distance from the median of the values above it: σ² of a normal upper half. */
export function upperSpread(values: Float64Array): number {
  const center = quantile(values, 0.5);
  const above = values.filter((x) => x > center);
  return above.reduce((sum, x) => sum + (x - center) ** 2, 0) / Math.max(1, above.length);
}

/**
 * Systematic resampling: `order[i]` is the number of the parent of offspring i, where parent j has between ⌊Nw_j⌋ and
 * ⌈Nw_j⌉ offspring, Nw_j on average, w the normalised weights. Ascending. (Kitagawa, J. Comput. Graph. Stat. 5, 1 (1996).)
 */
export function resample(logWeights: Float64Array, key: SeedKey): Uint32Array {
  const weights = normalizedWeights(logWeights);
  const count = weights.length;
  const order = new Uint32Array(count);
  const offset = new RandomStream(key).nextUniform();
  let parent = 0;
  let cumulative = weights[0];
  for (let i = 0; i < count; i++) {
    const position = (i + offset) / count;
    while (cumulative < position && parent < count - 1) cumulative += weights[++parent];
    order[i] = parent;
  }
  return order;
}
