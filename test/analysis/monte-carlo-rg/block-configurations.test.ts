import { describe, expect, it } from "vitest";
import {
  blockConfigurations,
  decimationRule,
  majorityRule,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { type BitMatrix, bitMatrix } from "../../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";

/** More than one group of 32, and not a whole number of groups. */
const ROWS = 70;
const [WIDTH, HEIGHT] = [6, 12];

function randomRows(): BitMatrix {
  const rows = bitMatrix(ROWS, WIDTH * HEIGHT);
  const random = new RandomStream(seedKey("block spins"));
  for (let row = 0; row < ROWS; row++) {
    for (let site = 0; site < WIDTH * HEIGHT; site++) {
      if (random.nextUniform() < 0.5) rows.words[row * rows.wordsPerRow + (site >> 5)] |= 1 << (site & 31);
    }
  }
  return rows;
}

function spin({ words, wordsPerRow }: BitMatrix, row: number, site: number): number {
  return ((words[row * wordsPerRow + (site >> 5)] >>> (site & 31)) & 1) === 1 ? 1 : -1;
}

describe("blockConfigurations", () => {
  const rows = randomRows();

  it("makes every block spin of every configuration, as majorities of 3×3 spins", () => {
    const blocks = blockConfigurations(rows, [WIDTH, HEIGHT], majorityRule(3), seedKey("1"));
    expect([blocks.rows, blocks.columns]).toEqual([ROWS, 8]);
    for (let row = 0; row < ROWS; row++) {
      for (let block = 0; block < 8; block++) {
        const [x, y] = [3 * Math.floor(block / 4), 3 * (block % 4)];
        let sum = 0;
        for (let k = 0; k < 9; k++) sum += spin(rows, row, (x + Math.floor(k / 3)) * HEIGHT + y + (k % 3));
        expect(spin(blocks, row, block)).toBe(Math.sign(sum));
      }
    }
  });

  it("keeps one spin of every 2×2 under decimation, and leaves what it was given as it was", () => {
    const before = rows.words.slice();
    const blocks = blockConfigurations(rows, [WIDTH, HEIGHT], decimationRule(2), seedKey("1"));
    expect(blocks.columns).toBe(18);
    for (let row = 0; row < ROWS; row++) {
      for (let block = 0; block < 18; block++) {
        const site = 2 * Math.floor(block / 6) * HEIGHT + 2 * (block % 6);
        expect(spin(blocks, row, block)).toBe(spin(rows, row, site));
      }
    }
    expect(rows.words).toEqual(before);
  });
});
