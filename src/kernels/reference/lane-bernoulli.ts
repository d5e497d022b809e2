import { threefry2x32 } from "../../random/index.js";

/** A probability in 32-bit fixed point: round(p · 2^32), so its error is at most 2^−33; 2^32 itself means "always". */
export function fixedPoint(probability: number): number {
  return Math.min(4294967296, Math.max(0, Math.round(probability * 4294967296)));
}

const block = new Uint32Array(2);

/**
 * Draw 32 Bernoulli variables at once, one a lane. Lane l belongs to the class c whose `classes[c]` has bit l set
 * (exactly one), and succeeds with probability thresholds[c]/2^32. Each lane compares a uniform number with its
 * threshold bit by bit from the top and stops at the first difference; random words are made until no lane is open,
 * about log2(32) + 2 of them. Words come from the Threefry blocks (key, counter = (address, depth)).
 */
export function bernoulliLanes(
  classes: Int32Array,
  thresholds: Float64Array,
  key0: number,
  key1: number,
  address: number,
): number {
  let success = 0;
  let open = 0;
  for (let c = 0; c < classes.length; c++) {
    if (thresholds[c] >= 4294967296) success |= classes[c];
    else if (thresholds[c] > 0) open |= classes[c];
  }
  for (let depth = 0; open !== 0 && depth < 32; depth++) {
    if ((depth & 1) === 0) threefry2x32(key0, key1, address, depth >>> 1, block);
    const random = block[depth & 1];
    let digits = 0;
    for (let c = 0; c < classes.length; c++) {
      if (((thresholds[c] >>> (31 - depth)) & 1) === 1) digits |= classes[c];
    }
    success |= open & digits & ~random;
    open &= ~(digits ^ random);
  }
  return success;
}
