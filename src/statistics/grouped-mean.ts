import { DataError } from "../errors/index.js";
import { compensatedSum, mean } from "./moments.js";

/** With fewer chains than this the error of a mean is taken from blocks in time instead. */
const LEAST_CHAINS = 16;

/** Groups that samples are put into: the error of a mean is then known to 1/√(2·63) = 9 %. */
const GROUPS = 64;

/** A mean with one standard deviation. */
export interface GroupedMean {
  /** The mean. */
  readonly value: number;
  /** One standard deviation of it; NaN where there is one group alone. */
  readonly error: number;
}

/**
 * Mean of N values of which only those of different groups are independent; `groups` names the group of each value. With
 * n_g values in group g of G,
 *   error² = G/(G − 1) Σ_g [Σ_{i∈g} (x_i − x̄)/N]²,
 * which is s²/N where every value is a group of its own, and the variance of the group means over G for groups of one size. The
 * error is NaN for a single group. DataError when there is no value, or not one group a value.
 */
export function groupedMean(values: Float64Array, groups: Uint32Array): GroupedMean {
  if (groups.length !== values.length) {
    throw new DataError(`${values.length} values in ${groups.length} groups: expected the group of each.`);
  }
  const value = mean(values);
  const { sizes, count } = groupSizes(groups);
  const deviations = new Float64Array(sizes.length);
  values.forEach((x, i) => (deviations[groups[i]] += (x - value) / values.length));
  const squares = compensatedSum(deviations.map((deviation) => deviation * deviation));
  return { value, error: count < 2 ? NaN : Math.sqrt((count / (count - 1)) * squares) };
}

/** How many values each group has, by its number, and how many groups have any. */
export function groupSizes(groups: Uint32Array): { readonly sizes: Uint32Array; readonly count: number } {
  const sizes = new Uint32Array(groups.reduce((most, group) => Math.max(most, group + 1), 0));
  for (const group of groups) sizes[group]++;
  return { sizes, count: sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0) };
}

/**
 * Groups of samples whose correlations are inside the groups: sample round·chains + chain belongs to its chain, of which
 * several may share a group. With fewer than 16 chains, or where their number is not known (null), contiguous blocks, which are
 * independent only if they are long beside the correlations. At most 64 groups.
 */
export function sampleGroups(samples: number, chains: number | null): Uint32Array {
  const independent = Math.min(chains ?? 1, samples);
  if (independent < LEAST_CHAINS) {
    const blocks = Math.min(GROUPS, samples);
    return Uint32Array.from({ length: samples }, (_, row) => Math.floor((row * blocks) / samples));
  }
  return mergeGroups(Uint32Array.from({ length: samples }, (_, row) => row % independent));
}

/** The same groups, neighbours joined so that there are at most 64, numbered from 0 without gaps. */
export function mergeGroups(groups: Uint32Array): Uint32Array {
  const { sizes, count } = groupSizes(groups);
  const numbers = new Uint32Array(sizes.length);
  let next = 0;
  sizes.forEach((size, group) => {
    numbers[group] = Math.floor((next * Math.min(GROUPS, count)) / count);
    if (size > 0) next++;
  });
  return groups.map((group) => numbers[group]);
}
