import { describe, expect, it } from "vitest";
import {
  blockReconstruction,
  compareReconstructions,
  reconstruct,
} from "../../src/analysis/stack-reconstruction.js";
import { chain, torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { bitMatrix, getBit, packBits, referenceKernels, unpackRow } from "../../src/kernels/index.js";
import { meanHiddenGivenVisible, meanVisibleGivenHidden } from "../../src/rbm/energy.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { randomLayer, randomRows } from "./random-stack.js";

describe("reconstruction through a stack", () => {
  it.each(["spin", "binary"] as const)("passes means of %s units up and down again", (units) => {
    const layers = [randomLayer(units, 12, 9), randomLayer(units, 9, 5)];
    const rows = randomRows(20, 12);
    const means = reconstruct(layers, rows, referenceKernels);
    const spins = new Float64Array(12);
    for (let row = 0; row < 20; row++) {
      unpackRow(rows, row, spins, units === "spin" ? -1 : 0, 1);
      const top = meanHiddenGivenVisible(layers[1], meanHiddenGivenVisible(layers[0], spins));
      const back = meanVisibleGivenHidden(layers[0], meanVisibleGivenHidden(layers[1], top));
      back.forEach((value, site) => {
        const spin = units === "spin" ? value : 2 * value - 1;
        expect(Math.abs(means[row * 12 + site] - spin)).toBeLessThan(1e-6);
      });
    }
  });

  it("is perfect where every hidden unit copies a spin, and a tie where no weight is left", () => {
    const model = isingModel(torus(4, 4), 0.4);
    const copy = zeroRbm("spin", 16, 16);
    for (let i = 0; i < 16; i++) copy.weights[i * 17] = 10;
    const rows = randomRows(30, 16);
    for (const row of compareReconstructions(model, rows, reconstruct([copy], rows, referenceKernels))) {
      expect(row.accuracy).toBe(1);
      expect(row.overlap).toBeCloseTo(1, 6);
      expect(row.reconstructedEnergy).toBe(row.energy);
      expect(row.reconstructedMagnetization).toBe(row.magnetization);
    }
    const nothing = reconstruct([zeroRbm("spin", 16, 3)], rows, referenceKernels);
    for (const row of compareReconstructions(model, rows, nothing)) {
      expect(row).toMatchObject({ accuracy: 0.5, overlap: 0, reconstructedEnergy: -2 });
    }
  });

  it("compares energy, |m| and spins, by hand on a ring of four", () => {
    const rows = packBits([1, 1, -1, 1], 1, 4);
    const means = Float64Array.of(0.5, -0.25, -1, 0);
    expect(compareReconstructions(isingModel(chain(4), 1), rows, means)).toEqual([
      {
        accuracy: (1 + 0 + 1 + 0.5) / 4,
        overlap: (0.5 - 0.25 + 1 + 0) / 4,
        majorityAccuracy: 0.75,
        energy: 0,
        reconstructedEnergy: 0,
        magnetization: 0.5,
        reconstructedMagnetization: 0,
      },
    ]);
  });

  it("from blocks is the mean of each block, on a torus and a chain", () => {
    const rows = bitMatrix(1, 24);
    for (const site of [0, 1, 6, 7, 14]) rows.words[0] |= 1 << site;
    const square = blockReconstruction(rows, [4, 6], 2);
    for (let x = 0; x < 4; x++) {
      for (let y = 0; y < 6; y++) {
        let sum = 0;
        for (const dx of [0, 1]) {
          for (const dy of [0, 1]) {
            const site = (x - (x % 2) + dx) * 6 + y - (y % 2) + dy;
            sum += (2 * getBit(rows, 0, site) - 1) / 4;
          }
        }
        expect(square[x * 6 + y]).toBe(sum);
      }
    }
    const ring = blockReconstruction(rows, [24], 8);
    expect([...ring]).toEqual([
      ...Array<number>(8).fill(0),
      ...Array<number>(8).fill(-0.75),
      ...Array<number>(8).fill(-1),
    ]);
  });
});
