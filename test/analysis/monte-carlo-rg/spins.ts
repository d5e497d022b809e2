import type { CouplingOperator, TorusShape } from "../../../src/analysis/monte-carlo-rg/index.js";
import { type BitMatrix, packBits } from "../../../src/kernels/bit-matrix.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";

/** Independent fair spins ±1, row-major. */
export function randomSpins(seed: string, count: number): Int8Array {
  const stream = new RandomStream(seedKey(seed));
  return Int8Array.from({ length: count }, () => (stream.nextWord() >>> 31 === 1 ? 1 : -1));
}

/** S_α by the definition: a product of ±1 at every site and in every shape. */
export function brutalSum(
  operator: CouplingOperator,
  spins: ArrayLike<number>,
  [width, height]: TorusShape,
): number {
  let sum = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      for (const shape of operator.shapes) {
        sum += shape.reduce((product, [dx, dy]) => {
          const row = (x + dx + 3 * width) % width;
          return product * spins[row * height + ((y + dy + 3 * height) % height)];
        }, 1);
      }
    }
  }
  return sum;
}

/** Bit l of word s is the spin of configuration l (a row of `rows`) at site s. */
export function lanesOf(rows: readonly ArrayLike<number>[]): Uint32Array {
  return Uint32Array.from({ length: rows[0].length }, (_, site) =>
    rows.reduce((word, row, lane) => (row[site] > 0 ? word | (1 << lane) : word), 0),
  );
}

/** The spin of configuration `lane` at every site. */
export function laneSpins(words: Uint32Array, lane: number): number[] {
  return Array.from(words, (word) => ((word >>> lane) & 1 ? 1 : -1));
}

/** Rows of ±1 as bits. */
export function bitsOf(spins: Int8Array, columns: number): BitMatrix {
  return packBits(spins, spins.length / columns, columns);
}
