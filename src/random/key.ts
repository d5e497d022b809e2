import seedrandom from "seedrandom";
import { threefry2x32 } from "./threefry.js";

/** The 64-bit name of one stream of random numbers. Made only by `seedKey` and `deriveKey`. */
export interface SeedKey {
  /** The first 32 bits, in [0, 2^32). */
  readonly word0: number;
  /** The other 32 bits. */
  readonly word1: number;
  /** Keeps other pairs of numbers from being taken for a key. */
  readonly brand: "SeedKey";
}

/** What a stream is for. The numbers are part of the reproducibility contract: never renumber, only append. */
const purposes = {
  isingChains: 1,
  isingStart: 2,
  isingGlobalFlip: 3,
  initialWeights: 4,
  batchOrder: 5,
  gibbsChain: 6,
  persistentChains: 7,
  hiddenData: 8,
  bootstrap: 9,
  layer: 10,
  analysis: 11,
  logPartition: 12,
  blockSpins: 13,
  control: 14,
} as const;

/** The name of what a stream is for. */
export type Purpose = keyof typeof purposes;

const block = new Uint32Array(2);

/**
 * Turn anything the user gives as `--seed` into a key, through seedrandom's ARC4 (integer arithmetic only). ARC4 repeats
 * its text cyclically, so the text is quoted first: else 1, 11 and 111 would be one seed.
 *
 * @param seed any text, or a number, which gives the key of its text
 */
export function seedKey(seed: string | number): SeedKey {
  const generator = seedrandom(JSON.stringify(String(seed)));
  return { word0: generator.int32() >>> 0, word1: generator.int32() >>> 0, brand: "SeedKey" };
}

/**
 * The key of a sub-stream: Threefry is applied once for the purpose and once for each index, so keys with different
 * addresses are unrelated. Indices are integers in [0, 2^53).
 *
 * @param parent the key of the stream it is a part of
 * @param purpose what the sub-stream is for
 * @param indices which of its kind it is: a layer, a chain, a step; none, one or more
 */
export function deriveKey(parent: SeedKey, purpose: Purpose, ...indices: readonly number[]): SeedKey {
  threefry2x32(parent.word0, parent.word1, purposes[purpose], 0x72626d21, block);
  for (const index of indices) {
    threefry2x32(block[0], block[1], index >>> 0, Math.floor(index / 4294967296), block);
  }
  return { word0: block[0], word1: block[1], brand: "SeedKey" };
}
