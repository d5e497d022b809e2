import type { RandomStream } from "../../random/index.js";
import type { SharedFilter } from "./filter.js";
import type { TorusShape } from "./operator-sums.js";

/**
 * A way to make one block spin of b × b spins, P(h|v): 32 configurations at a time, in the bits of a word for each site
 * as in `OperatorSums`.
 */
export interface BlockRule {
  readonly name: string;
  /** b, by which lengths shrink. */
  readonly scale: number;
  /** The weights it was made from, where it has any. */
  readonly filter?: SharedFilter;
  /**
   * Write the block spins of the torus `shape` (sides divisible by b) into `out`, row-major. Random numbers come from
   * `random`, as many and in the same order whatever the spins are.
   */
  apply(words: Uint32Array, shape: TorusShape, random: RandomStream, out: Uint32Array): void;
}

/** Sides after one step. */
export function blockedShape([width, height]: TorusShape, scale: number): TorusShape {
  return [width / scale, height / scale];
}
