import { acceptanceRatio } from "./acceptance-ratio.js";
import type { LogPartitionEstimate } from "./estimate.js";
import { normalizedWeights, relativeVariance } from "./log-weights.js";
import { doubtfulFamilies } from "./verdict.js";

/** Works of chains of one direction, and who is related to whom (see `relativeVariance`). */
export interface RelatedWorks {
  readonly works: Float64Array;
  readonly families: Uint32Array;
  readonly ancestors: number;
}

/**
 * ln Z_λ from works of both directions by Bennett's acceptance ratio. Its variance is the sum of the relative variances of
 * the two mean shares (Bennett 1976, eq. 10b), here counted by families. Unlike the one-sided averages it needs no luck in
 * the tails, only that the two sets of works meet.
 */
export function twoSidedEstimate(upward: RelatedWorks, downward: RelatedWorks): LogPartitionEstimate {
  const { value, logForwardShares, logReverseShares } = acceptanceRatio(upward.works, downward.works);
  const [up, down] = [
    { ...upward, logShares: logForwardShares },
    { ...downward, logShares: logReverseShares },
  ].map(({ logShares, families, ancestors }) =>
    relativeVariance(normalizedWeights(logShares), families, ancestors),
  );
  const ancestors = Math.max(upward.ancestors, downward.ancestors);
  const effective = 1 / (Math.max(up, down) + 1 / ancestors);
  return { value, error: Math.sqrt(up + down), doubt: doubtfulFamilies(effective) };
}
