import { type Arena, type BitMatrix, type LayerArrays, rowRange } from "../../kernels/index.js";
import { RandomStream, type SeedKey } from "../../random/index.js";
import { joinRows } from "./rows.js";

/** Whether P_λ(v) = P_λ(−v) exactly: spin units without biases. */
export function isSymmetric({ units, visibleBias, hiddenBias }: LayerArrays): boolean {
  return units === "spin" && [visibleBias, hiddenBias].every((biases) => biases.every((x) => x === 0));
}

/** Turn each row over, every unit into its other state, with probability ½. `key` names this call alone. */
export function flipAtRandom(rows: BitMatrix, key: SeedKey): void {
  const stream = new RandomStream(key);
  flipRows(rows, () => stream.nextWord() >>> 31 === 1);
}

/** Turn over the rows that `chosen` names, every unit into its other state. */
export function flipRows(rows: BitMatrix, chosen: (row: number) => boolean): void {
  const { columns, wordsPerRow, words } = rows;
  const unused = 32 * wordsPerRow - columns;
  for (let row = 0; row < rows.rows; row++) {
    if (!chosen(row)) continue;
    for (let word = 0; word < wordsPerRow; word++) {
      words[row * wordsPerRow + word] ^= 0xffffffff >>> (word === wordsPerRow - 1 ? unused : 0);
    }
  }
}

/** The rows, and after them each once more with every unit in its other state, in the memory of `arena`. */
export function withMirrorImages(rows: BitMatrix, arena: Arena): BitMatrix {
  const both = joinRows([rows, rows], arena);
  flipRows(rowRange(both, rows.rows, rows.rows), () => true);
  return both;
}
