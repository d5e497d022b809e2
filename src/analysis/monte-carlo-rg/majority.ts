import type { BlockRule } from "./block-rule.js";

/**
 * The sign of the sum of b × b spins; a tie, possible for even b, is up or down with probability ½.
 *
 * @param scale b, side of the block in spins
 */
export function majorityRule(scale: number): BlockRule {
  const sites = scale * scale;
  const planes = new Int32Array(32 - Math.clz32(sites));
  return {
    name: `majority ${scale}×${scale}`,
    scale,
    apply(words, [width, height], random, out) {
      let block = 0;
      for (let x = 0; x < width; x += scale) {
        for (let y = 0; y < height; y += scale) {
          planes.fill(0);
          for (let k = 0; k < sites; k++) {
            addOne(planes, words[(x + Math.floor(k / scale)) * height + y + (k % scale)]);
          }
          const more = atLeast(planes, Math.floor(sites / 2) + 1);
          const tie = sites % 2 === 0 ? atLeast(planes, sites / 2) & ~more : 0;
          out[block++] = sites % 2 === 0 ? more | (tie & random.nextWord()) : more;
        }
      }
    },
  };
}

/** Count up the lanes set in `carry`; planes[k] holds bit k of all counts. */
function addOne(planes: Int32Array, carry: number): void {
  for (let k = 0; carry !== 0; k++) {
    const next = planes[k] & carry;
    planes[k] ^= carry;
    carry = next;
  }
}

/** The lanes whose count is at least `least`. */
function atLeast(planes: Int32Array, least: number): number {
  let greater = 0;
  let equal = -1;
  for (let k = planes.length - 1; k >= 0; k--) {
    if (((least >>> k) & 1) === 1) {
      equal &= planes[k];
    } else {
      greater |= equal & planes[k];
      equal &= ~planes[k];
    }
  }
  return greater | equal;
}
