import { describe, expect, it } from "vitest";
import {
  type BitMatrix,
  bitMatrix,
  getBit,
  type Kernels,
  referenceKernels,
} from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { LayerBuffers } from "../../src/rbm/layer-buffers.js";
import { meanHiddenGivenVisible, meanVisibleGivenHidden } from "../../src/rbm/energy.js";
import type { UnitType } from "../../src/rbm/parameters.js";
import {
  agreement,
  type Agreement,
  drawStates,
  enumerateJoint,
  randomRbm,
  stateCounts,
  toSingle,
  unitTypes,
  unitValues,
} from "./oracle.js";

const [VISIBLE, HIDDEN, CHAINS] = [5, 4, 200_000];

/** How the chains are distributed after `steps` updates from equilibrium: over v, and over (v, h). */
function afterUpdates(
  units: UnitType,
  steps: number,
  kernels: Kernels,
): { readonly start: Agreement; readonly visible: Agreement; readonly joint: Agreement } {
  const layer = toSingle(randomRbm(units, VISIBLE, HIDDEN, `gibbs ${units}`, 0.8));
  const { visible, joint } = enumerateJoint(layer);
  const start = bitMatrix(CHAINS, VISIBLE);
  drawStates(visible, start, seedKey("equilibrium"));
  const buffers = new LayerBuffers(layer, kernels, CHAINS);
  const end = buffers.gibbs(start, steps, seedKey("updates"));
  return {
    start: agreement(stateCounts(start), visible),
    visible: agreement(stateCounts(end), visible),
    joint: agreement(jointCounts(end, buffers.hidden(CHAINS)), joint),
  };
}

function jointCounts(visible: BitMatrix, hidden: BitMatrix): Float64Array {
  const counts = new Float64Array(2 ** (visible.columns + hidden.columns));
  for (let row = 0; row < visible.rows; row++) {
    counts[visible.words[row] + 2 ** visible.columns * hidden.words[row]]++;
  }
  return counts;
}

/** The reference kernels, but every unit is sampled with logistic(x), as if it were binary, or with logistic(2x). */
function wrongSampling(as: UnitType): Kernels {
  const { rbm } = referenceKernels;
  return {
    ...referenceKernels,
    rbm: {
      ...rbm,
      sampleUnits: (_, inputs, key, out) => {
        rbm.sampleUnits(as, inputs, key, out);
      },
    },
  };
}

describe("block Gibbs updates", () => {
  it("leave P_λ(v) and P_λ(v, h) stationary: total variation at its Monte-Carlo floor, χ² within 4 deviations", () => {
    for (const units of unitTypes) {
      for (const steps of [1, 2]) {
        const { start, visible, joint } = afterUpdates(units, steps, referenceKernels);
        for (const found of [start, visible, joint]) {
          expect(found.totalVariation).toBeLessThan(found.floor);
          expect(found.chiSquareDeviation).toBeLessThan(4);
        }
      }
    }
  });

  it("would be caught if they sampled with the other unit type's probability", () => {
    for (const [units, wrong] of [
      ["spin", "binary"],
      ["binary", "spin"],
    ] as const) {
      const { visible } = afterUpdates(units, 1, wrongSampling(wrong));
      expect(visible.totalVariation).toBeGreaterThan(10 * visible.floor);
      expect(visible.chiSquareDeviation).toBeGreaterThan(1000);
    }
  });

  it("do not change their start, and advance in place when started from their own rows", () => {
    const layer = toSingle(randomRbm("spin", 40, 35, "in place", 0.3));
    const start = bitMatrix(8, 40);
    const buffers = new LayerBuffers(layer, referenceKernels, 8);
    const once = buffers.gibbs(start, 3, seedKey("one"));
    expect(start.words.every((word) => word === 0)).toBe(true);
    const other = new LayerBuffers(layer, referenceKernels, 8);
    const own = other.visible(8);
    own.words.set(start.words);
    expect(other.gibbs(own, 3, seedKey("one")).words).toEqual(once.words);
    expect(other.gibbs(own, 1, seedKey("two")).words).not.toEqual(once.words);
  });

  it("use fresh random numbers in every step, layer and row", () => {
    // all probabilities are one half: equal bits between any two of the four layers are coincidences
    const rows = 3000;
    const layer = toSingle(randomRbm("spin", 30, 30, "zero", 0));
    const sample = (steps: number): Uint32Array[] => {
      const buffers = new LayerBuffers(layer, referenceKernels, rows);
      const visible = buffers.gibbs(bitMatrix(rows, 30), steps, seedKey("fresh"));
      return [visible.words.slice(), buffers.hidden(rows).words.slice()];
    };
    const words = [...sample(1), ...sample(2)].flatMap((layerWords) => Array.from(layerWords));
    const repeats = words.length - new Set(words).size;
    // pairs · 2^−30: about 0.07 coincidences expected
    expect(repeats).toBeLessThanOrEqual(1);
  });
});

describe("conditional means of a batch", () => {
  it("are those of the definitions, at sizes that are no multiple of a word", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 37, 45, "means", 0.3));
      const buffers = new LayerBuffers(layer, referenceKernels, 7);
      const visible = bitMatrix(6, 37);
      buffers.sampleVisible(bitMatrix(6, 45), seedKey("rows"), visible);
      const hidden = bitMatrix(6, 45);
      buffers.sampleHidden(visible, seedKey("hidden"), hidden);
      const down = buffers.hiddenMeans(visible).slice();
      const up = buffers.visibleMeans(hidden).slice();
      expect([down.length, up.length]).toEqual([6 * 45, 6 * 37]);
      for (let row = 0; row < 6; row++) {
        meanHiddenGivenVisible(layer, rowValues(units, visible, row)).forEach((mean, j) => {
          expect(Math.abs(down[row * 45 + j] - mean)).toBeLessThan(1e-6);
        });
        meanVisibleGivenHidden(layer, rowValues(units, hidden, row)).forEach((mean, i) => {
          expect(Math.abs(up[row * 37 + i] - mean)).toBeLessThan(1e-6);
        });
      }
    }
  });
});

function rowValues(units: UnitType, matrix: BitMatrix, row: number): number[] {
  const [low, high] = [unitValues(units, 0, 1)[0], 1];
  return Array.from({ length: matrix.columns }, (_, k) => (getBit(matrix, row, k) === 1 ? high : low));
}
