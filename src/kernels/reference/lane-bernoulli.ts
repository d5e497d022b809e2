import { type SeedKey, threefry2x32, Xoshiro128 } from "../../random/index.js";

/** Words whose 128 lanes draw together. */
export const GROUP_WORDS = 4;

/** Binary digits that are always drawn: after ten, all 128 lanes are decided nine times in ten. */
const FIRST_DIGITS = 10;

/** A probability in 32-bit fixed point: round(p · 2^32), so its error is at most 2^−33; 2^32 itself means "always". */
export function fixedPoint(probability: number): number {
  return Math.min(4294967296, Math.max(0, Math.round(probability * 4294967296)));
}

/** One generator for each word of a group. */
export type LaneGenerators = readonly Xoshiro128[];

const left = new Uint32Array(2);
const right = new Uint32Array(2);

/** The key of the generators' seeds: the last block of the update's key, which no other part of the update uses. */
export function laneKey(key: SeedKey): SeedKey {
  threefry2x32(key.word0, key.word1, 0xffffffff, 0xffffffff, left);
  return { word0: left[0], word1: left[1], brand: "SeedKey" };
}

/**
 * The generators of one group of words within one update, whose key is `key`. Generator w of group g starts from the
 * blocks (8g + w, 0) and (8g + 4 + w, 0) of the lane key.
 */
export function laneGenerators(key: SeedKey, group: number): LaneGenerators {
  const { word0, word1 } = laneKey(key);
  return Array.from({ length: GROUP_WORDS }, (_, word) => {
    threefry2x32(word0, word1, 8 * group + word, 0, left);
    threefry2x32(word0, word1, 8 * group + 4 + word, 0, right);
    return new Xoshiro128([left[0], left[1], right[0], right[1]]);
  });
}

/**
 * Draw Bernoulli variables, one for each lane of a group. Lane l of word w belongs to the class c whose
 * `classes[4c + w]` has bit l set, and succeeds with probability thresholds[c]/2^32; lanes of no class fail. Each lane
 * compares a uniform number with its threshold digit by digit from the top, which decides it at the first difference.
 * The group draws a word of random digits from each of its generators ten times, then until no lane is open, at most 32
 * times. `success` receives four words.
 */
export function bernoulliLanes(
  classes: Int32Array,
  thresholds: Float64Array,
  generators: LaneGenerators,
  success: Int32Array,
): void {
  const open = new Int32Array(GROUP_WORDS);
  success.fill(0);
  thresholds.forEach((threshold, c) => {
    const lanes = threshold >= 4294967296 ? success : open;
    for (let w = 0; w < GROUP_WORDS; w++) lanes[w] |= classes[GROUP_WORDS * c + w];
  });
  for (let depth = 0; depth < 32; depth++) {
    if (depth >= FIRST_DIGITS && open.every((lanes) => lanes === 0)) return;
    for (let w = 0; w < GROUP_WORDS; w++) {
      const random = generators[w].nextBits();
      let digits = 0;
      for (let c = 0; c < thresholds.length; c++) {
        if (((thresholds[c] >>> (31 - depth)) & 1) === 1) digits |= classes[GROUP_WORDS * c + w];
      }
      success[w] |= open[w] & digits & ~random;
      open[w] &= ~(digits ^ random);
    }
  }
}
