import type { RandomStream } from "../../random/index.js";
import type { SharedFilter } from "./filter.js";
import type { TorusShape } from "./operator-sums.js";

/**
 * A way to make one block spin of b × b spins, P(h|v): 32 configurations at a time, in the bits of a word for each site
 * as in `OperatorSums`.
 */
export interface BlockRule {
  /** As it stands in tables: `majority 2×2`. */
  readonly name: string;
  /** b, by which lengths shrink. */
  readonly scale: number;
  /** The weights it was made from, where it has any. */
  readonly filter?: SharedFilter;
  /**
   * Write the block spins of the torus `shape` (sides divisible by b) into `out`, row-major. Random numbers come from
   * `random`, as many and in the same order whatever the spins are.
   *
   * @param words a word for each site, row-major; bit l is the spin of configuration l (1 up, 0 down)
   * @param shape sides [Lx, Ly] of the torus
   * @param random stream of random numbers
   * @param out a word for each block
   */
  apply(words: Uint32Array, shape: TorusShape, random: RandomStream, out: Uint32Array): void;
}

/** Sides after one step. */
export function blockedShape([width, height]: TorusShape, scale: number): TorusShape {
  return [width / scale, height / scale];
}
