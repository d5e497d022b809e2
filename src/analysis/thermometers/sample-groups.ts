import { DataError } from "../../errors/index.js";

/** With fewer chains than this error bars come from blocks in time instead. */
const LEAST_CHAINS = 16;
/** Error bars are then known to 1/√(2·63) = 9 %, and the covariance of a few quantities well enough to test with. */
const MOST_GROUPS = 64;
const LEAST_SAMPLES = 32;

/** A division of samples into groups of one size, independent of each other. */
export interface EqualGroups {
  readonly count: number;
  /** The group of a sample; −1 where it is left over and not used. */
  of(row: number): number;
}

/**
 * Groups of equal size for a jackknife: whole chains, where sample round·chains + chain belongs to its chain, or with fewer
 * than 16 chains (null: not known) contiguous blocks, which are independent only if they are long beside the correlations.
 * At most 64 groups; what does not fill another group or round is left over. DataError below 32 samples.
 */
export function equalGroups(samples: number, chains: number | null): EqualGroups {
  if (samples < LEAST_SAMPLES) {
    throw new DataError(`${samples} configurations: at least ${LEAST_SAMPLES} are needed for error bars.`);
  }
  const independent = Math.min(chains ?? 1, samples);
  if (independent < LEAST_CHAINS) {
    const count = Math.min(MOST_GROUPS, samples);
    const length = Math.floor(samples / count);
    return { count, of: (row) => (row < count * length ? Math.floor(row / length) : -1) };
  }
  const each = Math.ceil(independent / MOST_GROUPS);
  const count = Math.floor(independent / each);
  const used = Math.floor(samples / independent) * independent;
  return {
    count,
    of(row) {
      const group = Math.floor((row % independent) / each);
      return row < used && group < count ? group : -1;
    },
  };
}
