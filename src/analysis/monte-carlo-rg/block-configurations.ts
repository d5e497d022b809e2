import { type BitMatrix, bitMatrix, transposeBits } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../random/index.js";
import { blockedShape, type BlockRule } from "./block-rule.js";
import { LANES, type TorusShape } from "./operator-sums.js";

/**
 * The block spins of configurations on the torus `shape` after one step of a rule, a row for each row, row-major on the
 * smaller torus. A function of its arguments. The sides must be divisible by the rule's scale.
 *
 * @param configurations a row each
 * @param shape sides [Lx, Ly] of their torus
 * @param rule how block spins are made
 * @param key for the rule's random numbers, such as those of ties
 */
export function blockConfigurations(
  configurations: BitMatrix,
  shape: TorusShape,
  rule: BlockRule,
  key: SeedKey,
): BitMatrix {
  const [width, height] = blockedShape(shape, rule.scale);
  const out = bitMatrix(configurations.rows, width * height);
  const group = bitMatrix(LANES, configurations.columns);
  const sites = bitMatrix(configurations.columns, LANES);
  const blocks = bitMatrix(out.columns, LANES);
  const blocked = bitMatrix(LANES, out.columns);
  for (let first = 0; first < configurations.rows; first += LANES) {
    const { wordsPerRow, words } = configurations;
    group.words.fill(0);
    group.words.set(words.subarray(first * wordsPerRow, (first + LANES) * wordsPerRow));
    transposeBits(group, sites);
    const random = new RandomStream(deriveKey(key, "blockSpins", first / LANES));
    rule.apply(sites.words, shape, random, blocks.words);
    transposeBits(blocks, blocked);
    const rows = Math.min(LANES, configurations.rows - first);
    out.words.set(blocked.words.subarray(0, rows * blocked.wordsPerRow), first * out.wordsPerRow);
  }
  return out;
}
