import { describe, expect, it } from "vitest";
import {
  type BitMatrix,
  bitMatrix,
  type ConditionalRequest,
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
import { implementations } from "./training.js";

const [VISIBLE, HIDDEN, CHAINS] = [5, 4, 200_000];

/** How the chains are distributed after `steps` updates from equilibrium: over v, and over (v, h). */
function afterUpdates(
  units: UnitType,
  steps: number,
  kernels: Kernels,
): { readonly start: Agreement; readonly visible: Agreement; readonly joint: Agreement } {
  const arena = kernels.arena();
  const layer = toSingle(randomRbm(units, VISIBLE, HIDDEN, `gibbs ${units}`, 0.8), arena);
  const { visible, joint } = enumerateJoint(layer);
  const start = bitMatrix(CHAINS, VISIBLE);
  drawStates(visible, start, seedKey("equilibrium"));
  const buffers = new LayerBuffers(layer, kernels, arena, CHAINS);
  const end = buffers.gibbs(start, steps, seedKey("updates"));
  const found = {
    start: agreement(stateCounts(start), visible),
    visible: agreement(stateCounts(end), visible),
    joint: agreement(jointCounts(end, buffers.hidden(CHAINS)), joint),
  };
  arena.release();
  return found;
}

function jointCounts(visible: BitMatrix, hidden: BitMatrix): Float64Array {
  const counts = new Float64Array(2 ** (visible.columns + hidden.columns));
  for (let row = 0; row < visible.rows; row++) {
    counts[visible.words[row] + 2 ** visible.columns * hidden.words[row]]++;
  }
  return counts;
}

/**
 * The reference kernels, but the units of one layer or both are sampled with the other unit type's probability:
 * logistic(x) for spins, which is the right one at half the inverse temperature, and logistic(2x) for binary units.
 */
function wrongSampling(layers: readonly ("hidden" | "visible")[]): Kernels {
  const { rbm } = referenceKernels;
  const wrong = (units: UnitType, rows: number, request: ConditionalRequest): ConditionalRequest => ({
    ...request,
    inverseTemperatures: new Float32Array(rows).fill(units === "spin" ? 0.5 : 2),
  });
  return {
    ...referenceKernels,
    rbm: {
      ...rbm,
      hiddenGivenVisible: (layer, rows, request) => {
        const given = layers.includes("hidden") ? wrong(layer.units, rows.rows, request) : request;
        rbm.hiddenGivenVisible(layer, rows, given);
      },
      visibleGivenHidden: (layer, rows, request) => {
        const given = layers.includes("visible") ? wrong(layer.units, rows.rows, request) : request;
        rbm.visibleGivenHidden(layer, rows, given);
      },
    },
  };
}

describe.each(implementations)("block Gibbs updates by the $name kernels", (kernels) => {
  it("leave P_λ(v) and P_λ(v, h) stationary: total variation at its Monte-Carlo floor, χ² within 4 deviations", () => {
    for (const units of unitTypes) {
      for (const steps of [1, 2]) {
        const { start, visible, joint } = afterUpdates(units, steps, kernels);
        for (const found of [start, visible, joint]) {
          expect(found.totalVariation).toBeLessThan(found.floor);
          expect(found.chiSquareDeviation).toBeLessThan(4);
        }
      }
    }
  });

  it("do not change their start, and advance in place when started from their own rows", () => {
    const arena = kernels.arena();
    const layer = toSingle(randomRbm("spin", 40, 35, "in place", 0.3), arena);
    const start = bitMatrix(8, 40);
    const buffers = new LayerBuffers(layer, kernels, arena, 8);
    const once = buffers.gibbs(start, 3, seedKey("one"));
    expect(start.words.every((word) => word === 0)).toBe(true);
    const other = new LayerBuffers(layer, kernels, arena, 8);
    const own = other.visible(8);
    own.words.set(start.words);
    expect(other.gibbs(own, 3, seedKey("one")).words).toEqual(once.words);
    expect(other.gibbs(own, 1, seedKey("two")).words).not.toEqual(once.words);
  });

  it("are the same with ⟨h⟩ given the start computed on the way", () => {
    for (const units of unitTypes) {
      const arena = kernels.arena();
      const layer = toSingle(randomRbm(units, 40, 35, "with means", 0.3), arena);
      const start = bitMatrix(9, 40);
      new LayerBuffers(layer, kernels, arena, 9).sampleVisible(bitMatrix(9, 35), seedKey("start"), start);
      const plain = new LayerBuffers(layer, kernels, arena, 12);
      const both = new LayerBuffers(layer, kernels, arena, 12);
      for (const steps of [1, 3]) {
        const expected = plain.gibbs(start, steps, seedKey("steps"));
        const { means, end } = both.gibbsWithMeans(start, steps, seedKey("steps"));
        expect(end).toEqual(expected);
        expect(both.hidden(9)).toEqual(plain.hidden(9));
        expect(means).toHaveLength(9 * 35);
        for (let row = 0; row < 9; row++) {
          meanHiddenGivenVisible(layer, rowValues(units, start, row)).forEach((mean, j) => {
            expect(Math.abs(means[row * 35 + j] - mean)).toBeLessThan(1e-6);
          });
        }
      }
    }
  });

  it("use fresh random numbers in every step, layer and row", () => {
    // all probabilities are one half: equal bits between any two of the four layers are coincidences
    const rows = 3000;
    const arena = kernels.arena();
    const layer = toSingle(randomRbm("spin", 30, 30, "zero", 0), arena);
    const sample = (steps: number): Uint32Array[] => {
      const buffers = new LayerBuffers(layer, kernels, arena, rows);
      const visible = buffers.gibbs(bitMatrix(rows, 30), steps, seedKey("fresh"));
      return [visible.words.slice(), buffers.hidden(rows).words.slice()];
    };
    const words = [...sample(1), ...sample(2)].flatMap((layerWords) => Array.from(layerWords));
    const repeats = words.length - new Set(words).size;
    // pairs · 2^−30: about 0.07 coincidences expected
    expect(repeats).toBeLessThanOrEqual(1);
  });
});

describe("block Gibbs updates with the other unit type's probability", () => {
  it.each([
    ["both layers", ["hidden", "visible"], 10, 1000],
    ["the hidden layer alone", ["hidden"], 5, 200],
    ["the visible layer alone", ["visible"], 10, 1000],
  ] as const)("in %s would be caught", (_, layers, floors, deviations) => {
    for (const units of unitTypes) {
      const { visible } = afterUpdates(units, 1, wrongSampling(layers));
      expect(visible.totalVariation).toBeGreaterThan(floors * visible.floor);
      expect(visible.chiSquareDeviation).toBeGreaterThan(deviations);
    }
  });
});

describe.each(implementations)("conditional means of a batch by the $name kernels", (kernels) => {
  it("are those of the definitions, at sizes that are no multiple of a word", () => {
    for (const units of unitTypes) {
      const arena = kernels.arena();
      const layer = toSingle(randomRbm(units, 37, 45, "means", 0.3), arena);
      const buffers = new LayerBuffers(layer, kernels, arena, 7);
      const visible = bitMatrix(6, 37);
      buffers.sampleVisible(bitMatrix(6, 45), seedKey("rows"), visible);
      const hidden = bitMatrix(6, 45);
      buffers.sampleHidden(visible, seedKey("hidden"), hidden);
      const down = arena.float32(6 * 45);
      kernels.rbm.hiddenGivenVisible(layer, visible, { means: down });
      const up = arena.float32(6 * 37);
      kernels.rbm.visibleGivenHidden(layer, hidden, { means: up });
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
