import { DataError, DomainError } from "../errors/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../random/index.js";
import { quantileOfSorted, variance } from "./moments.js";

export interface BootstrapOptions {
  /** Key of the random numbers; the interval is a function of it. */
  readonly key: SeedKey;
  /** Number of resamples; default 1000. */
  readonly resamples?: number;
  /** Probability inside the interval; default 0.95. */
  readonly level?: number;
}

/** A central interval of bootstrap replicates. */
export interface BootstrapInterval {
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the replicates. */
  readonly standardError: number;
  /** Replicates left out because the statistic was not finite on them (for example a fit to one repeated point). */
  readonly discarded: number;
}

/**
 * Percentile bootstrap interval of `statistic` over independent values (Efron & Tibshirani 1993, ch. 13): the (1 ± level)/2
 * quantiles of the statistic on `resamples` draws of n values with replacement. Values must be independent: give it one
 * number per unit, per chain or per temperature, never neighbouring samples of a chain. The array handed to `statistic`
 * is reused; it must not be kept or changed. Errors as `bootstrapIndices`.
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (resample: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const resample = new Float64Array(values.length);
  return bootstrapIndices(
    values.length,
    (indices) => {
      for (let i = 0; i < indices.length; i++) resample[i] = values[indices[i]];
      return statistic(resample);
    },
    options,
  );
}

/**
 * As `bootstrapInterval`, for data of any kind (points of a fit, pairs, rows): `statistic` gets the n drawn indices in
 * [0, count). Resample r uses the stream (key, bootstrap, r), so that more resamples extend the same sequence.
 * DataError without values; DomainError for a level outside (0, 1), fewer than 2 resamples, or a statistic that is not
 * finite on half of the resamples. Cost: `resamples` calls of `statistic`.
 */
export function bootstrapIndices(
  count: number,
  statistic: (indices: Uint32Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const { key, resamples = 1000, level = 0.95 } = options;
  if (!(count >= 1)) throw new DataError("bootstrap without values: at least one is needed.");
  if (!(level > 0 && level < 1)) {
    throw new DomainError(
      `bootstrap level ${level}: a probability between 0 and 1 is needed, for example 0.95.`,
    );
  }
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new DomainError(
      `bootstrap with ${resamples} resamples: a whole number ≥ 2 is needed, 1000 is usual.`,
    );
  }
  const indices = new Uint32Array(count);
  const replicates = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    const stream = new RandomStream(deriveKey(key, "bootstrap", r));
    for (let i = 0; i < count; i++) indices[i] = stream.nextInteger(count);
    replicates[r] = statistic(indices);
  }
  const kept = replicates.filter((replicate) => Number.isFinite(replicate)).sort();
  if (kept.length < 2 || kept.length < resamples / 2) {
    throw new DomainError(
      `bootstrap: the statistic is finite on ${kept.length} of ${resamples} resamples only; ${count} values are too few for it.`,
    );
  }
  return {
    lower: quantileOfSorted(kept, (1 - level) / 2),
    upper: quantileOfSorted(kept, (1 + level) / 2),
    standardError: Math.sqrt(variance(kept)),
    discarded: resamples - kept.length,
  };
}
