import type { BlockRule } from "./block-rule.js";

/**
 * The block spin is the spin in the block's first corner; the others are summed over.
 *
 * @param scale b, side of the block in spins
 */
export function decimationRule(scale: number): BlockRule {
  return {
    name: `decimation ${scale}×${scale}`,
    scale,
    apply(words, [width, height], _random, out) {
      let block = 0;
      for (let x = 0; x < width; x += scale) {
        for (let y = 0; y < height; y += scale) out[block++] = words[x * height + y];
      }
    },
  };
}
