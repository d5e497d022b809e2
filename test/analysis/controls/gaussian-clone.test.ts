import { describe, expect, it } from "vitest";
import { gaussianClone, sampleGaussianClone } from "../../../src/analysis/controls/index.js";
import { DataError } from "../../../src/errors/index.js";
import { exactRingCorrelations, exactTorus, exactTorusCorrelations } from "../../../src/ising/exact/index.js";
import { isingHamiltonians } from "../../../src/ising/hamiltonian.js";
import { torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { getBit, unpackRow } from "../../../src/kernels/index.js";
import { seedKey } from "../../../src/random/index.js";
import { mean, variance } from "../../../src/statistics/index.js";

const ROWS = 20000;

/** Per row (1/N) Σ_x v_x v_{x+r}: its mean over independent rows is C(r), with this standard error. */
function measured(
  rows: ReturnType<typeof sampleGaussianClone>,
  [width, height]: readonly [number, number],
  dx: number,
  dy: number,
): { value: number; error: number } {
  let [sum, squares] = [0, 0];
  const spins = new Int8Array(width * height);
  for (let row = 0; row < rows.rows; row++) {
    unpackRow(rows, row, spins);
    let product = 0;
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        product += spins[x * height + y] * spins[((x + dx) % width) * height + ((y + dy) % height)];
      }
    }
    product /= width * height;
    sum += product;
    squares += product * product;
  }
  const value = sum / rows.rows;
  return { value, error: Math.sqrt((squares / rows.rows - value * value) / (rows.rows - 1)) };
}

describe("thresholded Gaussian with the Ising model's two-point function", () => {
  it("has the torus's correlations, above and below T_c, within the Monte-Carlo error", () => {
    for (const [width, height, coupling] of [
      [8, 6, 0.35],
      [8, 8, 0.46],
    ] as const) {
      const exact = exactTorusCorrelations(width, height, coupling);
      const clone = gaussianClone(exact, [width, height]);
      expect(clone.clippedModes).toBe(0);
      expect(clone.largestDeviation).toBeLessThan(1e-12);
      const rows = sampleGaussianClone(clone, ROWS, seedKey(`clone ${coupling}`));
      for (const [dx, dy] of [
        [0, 1],
        [1, 0],
        [1, 1],
        [2, 1],
        [0, 3],
        [4, 3],
      ]) {
        const { value, error } = measured(rows, [width, height], dx, dy);
        expect(Math.abs(value - exact[dx * height + dy])).toBeLessThan(4 * error);
        expect(error).toBeLessThan(0.005);
      }
      const ups = Array.from({ length: ROWS }, (_, row) => getBit(rows, row, 13));
      expect(Math.abs(ups.reduce<number>((a, b) => a + b, 0) - ROWS / 2)).toBeLessThan(2 * Math.sqrt(ROWS));
    }
  });

  it("has a ring's correlations, and independent rows, also the last of an odd number", () => {
    const exact = exactRingCorrelations(20, 0.8);
    const clone = gaussianClone(exact, [20]);
    expect(clone.largestDeviation).toBeLessThan(1e-12);
    const rows = sampleGaussianClone(clone, 15001, seedKey("ring"));
    expect(rows.rows).toBe(15001);
    for (const r of [1, 3, 10]) {
      const { value, error } = measured(rows, [20, 1], r, 0);
      expect(Math.abs(value - exact[r])).toBeLessThan(4 * error);
    }
    let [neighbours, pairs] = [0, 0];
    for (let row = 0; row + 1 < 15000; row += 2) {
      pairs += (2 * getBit(rows, row, 5) - 1) * (2 * getBit(rows, row + 1, 5) - 1);
      neighbours += (2 * getBit(rows, row + 1, 5) - 1) * (2 * getBit(rows, row + 2, 5) - 1);
    }
    expect(Math.abs(pairs)).toBeLessThan(4 * Math.sqrt(7500));
    expect(Math.abs(neighbours)).toBeLessThan(4 * Math.sqrt(7500));
  });

  it("is no Ising model: with the same energy its energy fluctuates more", () => {
    const model = isingModel(torus(8, 8), 0.4);
    const { energyPerSite, specificHeatPerSite } = exactTorus(8, 8, 0.4);
    const clone = gaussianClone(exactTorusCorrelations(8, 8, 0.4), [8, 8]);
    const rows = sampleGaussianClone(clone, ROWS, seedKey("energy"));
    const energies = isingHamiltonians(model, rows).map((h) => h / 0.4 / 64);
    const exactVariance = specificHeatPerSite / (0.4 * 0.4 * 64);
    expect(Math.abs(mean(energies) - energyPerSite)).toBeLessThan(4 * Math.sqrt(variance(energies) / ROWS));
    expect(variance(energies) / exactVariance).toBeGreaterThan(1 + 20 * Math.sqrt(2 / ROWS));
  });

  it("clips what no Gaussian field can have, and says how far the correlations are off", () => {
    // An antiferromagnetic triangle: C = −1/3 is possible for spins, but ρ = sin(−π/6) = −½ is the least for three normals.
    const possible = gaussianClone(Float64Array.of(1, -1 / 3, -1 / 3), [3]);
    expect(possible.clippedModes).toBe(0);
    expect(possible.largestDeviation).toBeLessThan(1e-12);
    const impossible = gaussianClone(Float64Array.of(1, -0.5, -0.5), [3]);
    expect(impossible.clippedModes).toBe(1);
    // ρ = −1/√2: λ = 1 − √2, 1 + 1/√2 twice.
    const negative = Math.SQRT2 - 1;
    expect(impossible.clippedShare).toBeCloseTo(negative / (negative + 2 + Math.SQRT2), 12);
    // What is left is λ = 0, 3/2, 3/2, that is ρ = −½ and C = −1/3.
    expect(impossible.correlations[1]).toBeCloseTo(-1 / 3, 12);
    expect(impossible.largestDeviation).toBeCloseTo(1 / 6, 12);
    const rows = sampleGaussianClone(impossible, ROWS, seedKey("triangle"));
    const { value, error } = measured(rows, [3, 1], 1, 0);
    expect(Math.abs(value + 1 / 3)).toBeLessThan(4 * error + 1e-9);
  });

  it("refuses correlations of another lattice, and above 1", () => {
    expect(() => gaussianClone(new Float64Array(9), [3, 4])).toThrow(DataError);
    expect(() => gaussianClone(Float64Array.of(1, 1.2, 0.3), [3])).toThrow(/from −1 to 1/);
  });
});
