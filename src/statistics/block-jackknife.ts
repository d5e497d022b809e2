import { DomainError } from "../errors/index.js";
import { compensatedSum } from "./moments.js";

/** A function of means with its jackknife error. */
export interface BlockJackknifeEstimate {
  /** gθ − (g − 1) θ̄: the O(1/n) bias of θ is removed. */
  readonly value: number;
  /** One standard deviation, known to 1/√(2(g − 1)). */
  readonly error: number;
}

/**
 * Jackknife from a function evaluated by the caller: `whole` is θ on all samples and `without[j]` is θ_(j) without block j
 * of g equal blocks. With θ̄ the mean of the θ_(j)
 *
 *   value = gθ − (g − 1) θ̄,   error² = (g − 1)/g Σ_j (θ_(j) − θ̄)².
 *
 * For what was summed up block by block; `jackknife` makes the blocks itself, from series. Not finite where a θ is not.
 * DomainError for fewer than two blocks.
 */
export function blockJackknife(whole: number, without: ArrayLike<number>): BlockJackknifeEstimate {
  const blocks = without.length;
  if (blocks < 2) throw new DomainError(`jackknife with ${blocks} block(s): at least 2 are needed.`);
  // Deviations from θ, so that nothing cancels in the sums.
  const deviations = Float64Array.from(without, (theta) => theta - whole);
  const shift = compensatedSum(deviations) / blocks;
  const squares = compensatedSum(deviations.map((deviation) => (deviation - shift) * (deviation - shift)));
  return {
    value: whole - (blocks - 1) * shift,
    error: Math.sqrt(((blocks - 1) / blocks) * squares),
  };
}
