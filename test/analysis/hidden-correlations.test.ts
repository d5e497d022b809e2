import { describe, expect, it } from "vitest";
import { hiddenCorrelations } from "../../src/analysis/hidden-correlations.js";
import { twoPointFunction } from "../../src/analysis/two-point-function.js";
import { unpackRow } from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { randomRows } from "./random-stack.js";

const shape = [6, 8] as const;
const rows = randomRows(300, 48);
const spins = twoPointFunction(rows, shape);
const sites = Array.from({ length: 48 }, (_, site) => [Math.floor(site / 8), site % 8]);

describe("correlation of hidden units against distance", () => {
  it("is the spins' own, bin by bin, where every unit copies a spin, whatever its sign", () => {
    const means = new Float32Array(300 * 48);
    const signs = sites.map((_, unit) => (unit % 3 === 0 ? -1 : 1));
    const values = new Float32Array(48);
    for (let row = 0; row < 300; row++) {
      unpackRow(rows, row, values);
      values.forEach((v, unit) => (means[row * 48 + unit] = signs[unit] * v));
    }
    const bins = hiddenCorrelations({ means, centers: sites, signs }, spins, shape);
    const occupied = bins.filter(({ pairs }) => pairs > 0);
    expect(occupied.reduce((sum, { pairs }) => sum + pairs, 0)).toBe((48 * 47) / 2);
    // Connected here, not connected there: ⟨v_a⟩⟨v_b⟩ of 300 rows is 1/300.
    for (const { correlation, spins: expected } of occupied) {
      expect(Math.abs(correlation - expected)).toBeLessThan(0.01);
    }
    expect(bins[0]).toMatchObject({ pairs: 0, spins: 1 });
  });

  it("is that of units sampled from their means", () => {
    // Two units with the same mean t = ±0.6 per row: Cov = 0.36, variance 1 of the ±1 unit: ρ = 0.36.
    const stream = new RandomStream(seedKey("pair"));
    const means = new Float32Array(2 * 4000);
    for (let row = 0; row < 4000; row++) means.fill(stream.nextWord() & 1 ? 0.6 : -0.6, 2 * row, 2 * row + 2);
    const centers = [
      [5.5, 0],
      [0.5, 7],
    ];
    const bins = hiddenCorrelations({ means, centers, signs: [1, -1] }, spins, shape);
    expect(bins[1].pairs).toBe(1);
    expect(bins[1].distance).toBeCloseTo(Math.SQRT2, 12);
    expect(Math.abs(bins[1].correlation + 0.36)).toBeLessThan(1e-3);
  });

  it("leaves out dead units and units that never change", () => {
    const means = Float32Array.from({ length: 3 * 50 }, (_, index) =>
      index % 3 === 2 ? 1 : index % 7 < 3 ? 0.5 : -0.5,
    );
    const centers = [
      [0, 0],
      [NaN, NaN],
      [2, 2],
    ];
    const bins = hiddenCorrelations({ means, centers, signs: [1, 1, 1] }, spins, shape);
    expect(bins.every(({ pairs }) => pairs === 0)).toBe(true);
    expect(bins[1].correlation).toBeNaN();
  });
});
