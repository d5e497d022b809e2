import { describe, expect, it } from "vitest";
import { blockMajorityOverlaps } from "../../src/analysis/block-majority.js";
import { bitMatrix } from "../../src/kernels/index.js";
import { referenceKernels } from "../../src/kernels/reference/index.js";
import { seedKey } from "../../src/random/index.js";
import { getBit } from "../../src/kernels/bit-matrix.js";
import { zeroRbm } from "../../src/rbm/parameters.js";

const rows = 4000;

/** Independent random spins on a 12×12 torus. */
const visible = bitMatrix(rows, 144);
referenceKernels.rbm.hiddenGivenVisible(zeroRbm("spin", 1, 144), bitMatrix(rows, 1), {
  sample: { key: seedKey("blocks"), out: visible },
});

/** Majority of the b×b block whose corner is (x0, y0), wrapped, for one row. */
function majority(row: number, x0: number, y0: number, b: number): number {
  let sum = 0;
  for (let dx = 0; dx < b; dx++) {
    for (let dy = 0; dy < b; dy++)
      sum += 2 * getBit(visible, row, ((x0 + dx) % 12) * 12 + ((y0 + dy) % 12)) - 1;
  }
  return Math.sign(sum);
}

describe("block-majority overlap", () => {
  it.each([1, 3, 5])("finds the block of side %i a unit computes, over the torus edge too", (b) => {
    const corner = 11;
    const means = Float32Array.from({ length: rows }, (_, row) => -majority(row, corner, corner, b));
    const center = (corner + (b - 1) / 2) % 12;
    const [found] = blockMajorityOverlaps(visible, means, [[center, center]], [12, 12]);
    expect(found).toMatchObject({ size: b, overlap: 1 });
    // Of the majority of n = b² spins one is worth C(n − 1, (n − 1)/2)/2^(n − 1), the probability that the others tie.
    const others = b * b - 1;
    let tie = 1;
    for (let k = 1; k <= others / 2; k++) tie *= (others / 2 + k) / k / 4;
    expect(Math.abs(found.siteOverlap - tie)).toBeLessThan(4 / Math.sqrt(rows));
  });

  it("gives a copying unit the majority's correlation with one of its spins, C(8,4)/2^8 for 3×3", () => {
    // ⟨v maj⟩ of one of 9 spins is the probability that the other 8 tie: C(8,4)/2^8 = 0.2734; b = 1 overlaps fully.
    const means = Float32Array.from({ length: rows }, (_, row) => 2 * getBit(visible, row, 5 * 12 + 5) - 1);
    const [copy] = blockMajorityOverlaps(visible, means, [[5, 5]], [12, 12]);
    expect(copy).toEqual({ size: 1, overlap: 1, siteOverlap: 1 });
    let overlap = 0;
    for (let row = 0; row < rows; row++) overlap += (means[row] * majority(row, 4, 4, 3)) / rows;
    expect(Math.abs(overlap - 70 / 256)).toBeLessThan(4 / Math.sqrt(rows));
  });

  it("has nothing to say about a dead unit", () => {
    const [dead] = blockMajorityOverlaps(visible, new Float32Array(rows), [[NaN, NaN]], [12, 12]);
    expect(dead).toEqual({ size: NaN, overlap: NaN, siteOverlap: NaN });
  });

  it("works on a rectangle and on a chain, over the edge", () => {
    const spin = (row: number, site: number): number => 2 * getBit(visible, row, site) - 1;
    const block = (row: number): number => {
      let sum = 0;
      for (let dx = 0; dx < 3; dx++)
        for (let dy = 0; dy < 3; dy++) sum += spin(row, ((8 + dx) % 9) * 16 + ((15 + dy) % 16));
      return Math.sign(sum);
    };
    const onRectangle = Float32Array.from({ length: rows }, (_, row) => block(row));
    expect(blockMajorityOverlaps(visible, onRectangle, [[0, 0]], [9, 16])).toMatchObject([
      { size: 3, overlap: 1 },
    ]);
    const onRing = Float32Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let k = 0; k < 7; k++) sum += spin(row, (140 + k) % 144);
      return Math.sign(sum);
    });
    expect(blockMajorityOverlaps(visible, onRing, [[143]], [144])).toMatchObject([{ size: 7, overlap: 1 }]);
  });
});
