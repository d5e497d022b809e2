import { describe, expect, it } from "vitest";
import {
  type BitMatrix,
  bitMatrix,
  getBit,
  type LayerArrays,
  referenceKernels,
} from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { meanHiddenGivenVisible } from "../../src/rbm/energy.js";
import type { UnitType } from "../../src/rbm/parameters.js";
import { sampleHiddenLayer, trainStack } from "../../src/rbm/stack.js";
import { drawStates, randomDistribution, randomRbm, toSingle, unitTypes, unitValues } from "./oracle.js";
import { implementations, recordingKernels, trainingOptions } from "./training.js";

/** Σ over rows of h_j and h_j h_k (j < k), in the units of the model. */
function moments(units: UnitType, rows: BitMatrix): number[] {
  const low = units === "spin" ? -1 : 0;
  const sums: number[] = [];
  for (let j = 0; j < rows.columns; j++) {
    for (let k = j; k < rows.columns; k++) {
      let sum = 0;
      for (let row = 0; row < rows.rows; row++) {
        const value = (column: number): number => (getBit(rows, row, column) === 1 ? 1 : low);
        sum += value(j) * (k === j ? 1 : value(k));
      }
      sums.push(sum);
    }
  }
  return sums;
}

/** What `moments` expects for h ~ P(h|v) on every row of `visible`, and its standard errors. */
function expectedMoments(layer: LayerArrays, visible: BitMatrix) {
  const { units, hidden } = layer;
  const means = Array.from(visible.words, (state) =>
    meanHiddenGivenVisible(layer, unitValues(units, state, visible.columns)),
  );
  const sums: number[] = [];
  const errors: number[] = [];
  for (let j = 0; j < hidden; j++) {
    for (let k = j; k < hidden; k++) {
      let [sum, variance] = [0, 0];
      for (const t of means) {
        const mean = k === j ? t[j] : t[j] * t[k];
        sum += mean;
        variance += units === "spin" ? 1 - mean * mean : mean * (1 - mean);
      }
      sums.push(sum);
      errors.push(Math.sqrt(variance));
    }
  }
  return { sums, errors };
}

function expectSampled(layer: LayerArrays, visible: BitMatrix, hidden: BitMatrix): void {
  const { sums, errors } = expectedMoments(layer, visible);
  moments(layer.units, hidden).forEach((found, k) => {
    expect(Math.abs(found - sums[k]), `moment ${k}`).toBeLessThan(4 * errors[k]);
  });
}

describe.each(implementations)("hidden states as data by the $name kernels", (kernels) => {
  it("are samples of P(h|v), row by row: means and pair moments within 4 errors", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 5, 4, "hidden data"));
      const visible = bitMatrix(20_250, 5);
      drawStates(randomDistribution(5, "hidden data"), visible, seedKey("rows"));
      const hidden = sampleHiddenLayer(layer, visible, seedKey("sample"), kernels);
      expect([hidden.rows, hidden.columns]).toEqual([20_250, 4]);
      expectSampled(layer, visible, hidden);
    }
  });

  it("follow the state of their own row, across the blocks they are drawn in", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 5, 4, "row by row"));
      const visible = bitMatrix(9_001, 5);
      visible.words.forEach((_, row) => (visible.words[row] = [3, 17, 31][row % 3]));
      const hidden = sampleHiddenLayer(layer, visible, seedKey("rows"), kernels);
      for (let phase = 0; phase < 3; phase++) {
        const own = (matrix: BitMatrix): BitMatrix => {
          const words = matrix.words.filter((_, row) => row % 3 === phase);
          return { ...matrix, rows: words.length, words };
        };
        expectSampled(layer, own(visible), own(hidden));
      }
    }
  });

  it("are fresh in every block", () => {
    const layer = toSingle(randomRbm("spin", 5, 32, "fresh", 0));
    const { words } = sampleHiddenLayer(layer, bitMatrix(1500, 5), seedKey("fresh"), kernels);
    expect(new Set(words).size).toBe(1500);
  });
});

describe("a stack", () => {
  const rows = bitMatrix(5_000, 5);
  drawStates(randomDistribution(5, "stack"), rows, seedKey("stack"));

  it("has the layers asked for, from the bottom up, and reports them in this order", async () => {
    const told: string[] = [];
    const layers = await trainStack(
      { rows, target: null },
      [4, 3, 2],
      trainingOptions({ batchSize: 500, units: "binary" }),
      seedKey("sizes"),
      referenceKernels,
      {
        onEpoch: ({ layer }) => void told.push(`epoch of ${layer}`),
        onLayer: (layer, { visible, hidden }) => void told.push(`${layer}: ${visible} × ${hidden}`),
      },
    );
    expect(layers.map(({ units, visible, hidden }) => [units, visible, hidden])).toEqual([
      ["binary", 5, 4],
      ["binary", 4, 3],
      ["binary", 3, 2],
    ]);
    expect(layers.map(({ weights }) => weights.length)).toEqual([20, 12, 6]);
    expect(told).toEqual(["epoch of 1", "1: 5 × 4", "epoch of 2", "2: 4 × 3", "epoch of 3", "3: 3 × 2"]);
  });

  it("trains its second layer on samples of P(h|v) of the first, one per configuration", async () => {
    for (const [units, base] of unitTypes.flatMap((type) =>
      implementations.map((own) => [type, own] as const),
    )) {
      const { kernels, batches } = recordingKernels(base);
      const options = trainingOptions({
        estimator: "exact",
        batchSize: 400,
        learningRate: 1,
        epochs: 2,
        units,
      });
      const [first] = await trainStack({ rows, target: null }, [4, 2], options, seedKey("greedy"), kernels);
      const batchesPerEpoch = Math.ceil(5_000 / 400);
      expect(batches.length).toBe(4 * batchesPerEpoch);
      const data = batches.slice(2 * batchesPerEpoch, 3 * batchesPerEpoch).flat();
      const hidden: BitMatrix = {
        rows: data.length,
        columns: 4,
        wordsPerRow: 1,
        words: Uint32Array.from(data),
      };
      expect(data.length).toBe(5_000);
      expectSampled(first, rows, hidden);
      const again = batches.slice(3 * batchesPerEpoch).flat();
      expect([...again].sort()).toEqual([...data].sort());
    }
  });

  it("uses the exact target for the first layer only", async () => {
    const { kernels, batches } = recordingKernels();
    const options = trainingOptions({ estimator: "exact", batchSize: 1000 });
    const target = randomDistribution(5, "stack");
    await trainStack({ rows, target }, [3, 2], options, seedKey("target"), kernels);
    expect(batches.length).toBe(5);
  });

  it("is a function of its key, and its layers do not share random numbers", async () => {
    const options = trainingOptions({ batchSize: 500, learningRate: 1e-30 });
    const run = (key: string, hidden: number[]) =>
      trainStack({ rows, target: null }, hidden, options, seedKey(key), referenceKernels);
    const [once, again, other] = [await run("a", [5, 5]), await run("a", [5, 5]), await run("b", [5, 5])];
    expect(again).toEqual(once);
    expect(other[0].weights).not.toEqual(once[0].weights);
    const correlation = once[0].weights.reduce((sum, w, k) => sum + w * once[1].weights[k], 0) / 25 / 0.01;
    expect(Math.abs(correlation)).toBeLessThan(4 / 5);
  });
});
