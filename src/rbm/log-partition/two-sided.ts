import { acceptanceRatio } from "./acceptance-ratio.js";
import type { LogPartitionEstimate } from "./estimate.js";
import { normalizedWeights, relativeVariance } from "./log-weights.js";
import { doubtfulFamilies } from "./verdict.js";

/**
 * ln Z_λ from works of both directions by Bennett's acceptance ratio. Its variance is the sum of the relative variances of
 * the two mean shares (Bennett 1976, eq. 10b), here counted by families. Unlike the one-sided averages it needs no luck in
 * the tails, only that the two sets of works meet.
 */
export function twoSidedEstimate(
  upward: Float64Array,
  downward: Float64Array,
  families: Uint32Array,
): LogPartitionEstimate {
  const { value, logForwardShares, logReverseShares } = acceptanceRatio(upward, downward);
  const up = relativeVariance(normalizedWeights(logForwardShares));
  const down = relativeVariance(normalizedWeights(logReverseShares), families);
  const effective = 1 / (Math.max(up, down) + 1 / Math.max(upward.length, downward.length));
  return { value, error: Math.sqrt(up + down), doubt: doubtfulFamilies(effective) };
}
