import type { Rbm } from "../../rbm/parameters.js";
import { addGram, matrixRows } from "../../statistics/matrix-product.js";
import { allPairs, type SpinSets } from "./spin-sets.js";

/**
 * The `most` pairs j < k of visible spins with the largest |Σ_a w_ja w_ka|, their coupling to second order in the weights; all
 * pairs where there are no more. Cost n² m and a matrix of n² numbers.
 */
export function strongestPairs({ visible, hidden, weights }: Rbm, most: number): SpinSets {
  const pairs = allPairs(visible);
  if (pairs.members.length / 2 <= most) return pairs;
  const gram = new Float64Array(visible * visible);
  addGram(matrixRows(Float64Array.from(weights), hidden), hidden, matrixRows(gram, visible));
  const sizeOf = (pair: number): number => {
    const [j, k] = [pairs.members[2 * pair], pairs.members[2 * pair + 1]];
    return Math.abs(gram[k * visible + j]); // its lower triangle is what addGram fills
  };
  const sizes = Float64Array.from({ length: pairs.members.length / 2 }, (_, pair) => sizeOf(pair));
  const least = sizes.toSorted()[sizes.length - most];
  const members = new Int32Array(2 * most);
  let next = 0;
  for (let pair = 0; pair < sizes.length && next < 2 * most; pair++) {
    if (sizes[pair] < least) continue;
    members[next++] = pairs.members[2 * pair];
    members[next++] = pairs.members[2 * pair + 1];
  }
  return { order: 2, members };
}
