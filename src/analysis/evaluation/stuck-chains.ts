import type { BitMatrix } from "../../kernels/index.js";

/** How many of the chains have the same configuration in every round; row = round · chains + chain. */
export function stuckChains({ rows, wordsPerRow, words }: BitMatrix, chains: number): number {
  const width = chains * wordsPerRow;
  const moved = new Uint8Array(chains);
  for (let index = width; index < rows * wordsPerRow; index++) {
    if (words[index] !== words[index % width]) moved[Math.floor((index % width) / wordsPerRow)] = 1;
  }
  return moved.reduce((stuck, hasMoved) => stuck + 1 - hasMoved, 0);
}
