import { beforeAll, describe, expect, it } from "vitest";
import { CRITICAL_COUPLING } from "../../../src/ising/model.js";
import { type BitMatrix, countUp, type LayerArrays } from "../../../src/kernels/index.js";
import { deriveKey, seedKey } from "../../../src/random/index.js";
import { exactModelStatistics, transposeRbm } from "../../../src/rbm/ensemble.js";
import { exactMagnetization } from "../../../src/rbm/exact-magnetization.js";
import { exactLogPartition } from "../../../src/rbm/log-partition/exact.js";
import { modestAnnealing } from "../../../src/rbm/log-partition/effort.js";
import {
  exactTracker,
  type LogPartitionTracker,
  logPartitionTracker,
  sequentialTracker,
  type TrackerSetup,
} from "../../../src/rbm/log-partition/index.js";
import type { StateArrays } from "../../../src/rbm/layer-state.js";
import { RowStatistics } from "../../../src/rbm/row-statistics.js";
import { sampleMagnetization } from "../../../src/rbm/sample-magnetization.js";
import { groupedMean, mergeGroups } from "../../../src/statistics/index.js";
import { type UnitType, zeroRbm } from "../../../src/rbm/parameters.js";
import type { TrainingProgress } from "../../../src/rbm/trainer.js";
import { kernels } from "../../physics/kernels.js";
import { toSingle } from "../oracle.js";
import { bimodalLayer, HIDDEN, isingData, randomLayer, trainedLayer } from "./cases.js";

/** The parameters after every update of a training run. */
async function trainingPath(
  units: UnitType,
  data: BitMatrix,
  rate: number,
): Promise<readonly Float32Array[]> {
  const path: Float32Array[] = [];
  const onUpdate = ({ capture }: TrainingProgress): void => {
    const { arrays } = capture();
    const parts = ["weights", "visibleBias", "hiddenBias"].map((name) => arrays[`parameters.${name}`]);
    path.push(Float32Array.from(parts.flatMap((part) => [...part])));
  };
  await trainedLayer(units, data, true, "path", { onUpdate }, rate);
  return path;
}

function setParameters(layer: LayerArrays, parameters: Float32Array): void {
  const { length } = layer.weights;
  layer.weights.set(parameters.subarray(0, length));
  layer.visibleBias.set(parameters.subarray(length, length + layer.visible));
  layer.hiddenBias.set(parameters.subarray(length + layer.visible));
}

function setupOf(layer: LayerArrays, data: BitMatrix | null, chains = 400, steps = 200): TrackerSetup {
  return { layer, data, options: { chains, steps }, kernels, arena: kernels.arena() };
}

function restore(tracker: LogPartitionTracker, kept: StateArrays): void {
  for (const [name, array] of Object.entries(tracker.state)) array.set(kept[name]);
}

const stepKey = (step: number) => deriveKey(seedKey("step"), "logPartition", step);

describe.each(["spin", "binary"] as const)("tracking ln Z along a training run (%s units)", (units) => {
  let data: BitMatrix;
  let path: readonly Float32Array[];
  beforeAll(async () => {
    ({ data } = await isingData(8, CRITICAL_COUPLING, 2000));
    path = await trainingPath(units, data, 0.005);
  });

  it("follows the exact value within its errors from one anchor to the end", () => {
    const layer = zeroRbm(units, 64, HIDDEN);
    const tracker = sequentialTracker(setupOf(layer, data));
    const start = 20;
    setParameters(layer, path[start]);
    tracker.anchor(seedKey("anchor"));
    const first = exactLogPartition(layer, kernels);
    const errors: number[] = [];
    for (let step = start + 1; step < path.length; step++) {
      setParameters(layer, path[step]);
      tracker.advance(stepKey(step));
      if (step % 40 !== 0) continue;
      const { value, error, doubt } = tracker.estimate;
      expect(Math.abs(value - exactLogPartition(layer, kernels))).toBeLessThan(4 * error);
      expect(doubt).toBeNull();
      errors.push(error);
    }
    expect(Math.abs(exactLogPartition(layer, kernels) - first)).toBeGreaterThan(3);
    expect(errors.at(-1)).toBeGreaterThan(errors[0]);
    expect(errors.at(-1)).toBeLessThan(0.15);
    tracker.anchor(seedKey("anchor again"));
    const { value, error } = tracker.estimate;
    expect(Math.abs(value - exactLogPartition(layer, kernels))).toBeLessThan(4 * error);
  });

  it("knows its error also with the least annealing that an assessment by default gets", () => {
    const layer = zeroRbm(units, 64, HIDDEN);
    setParameters(layer, path.at(-1)!);
    const exact = exactLogPartition(layer, kernels);
    const tracker = sequentialTracker({ ...setupOf(layer, data), options: modestAnnealing(0) });
    const squares = Array.from({ length: 40 }, (_, anchor) => {
      tracker.anchor(deriveKey(seedKey("modest"), "logPartition", anchor));
      const { value, error, doubt } = tracker.estimate;
      expect(doubt).toBeNull();
      expect(error).toBeLessThan(0.3);
      return ((value - exact) / error) ** 2;
    });
    const mean = squares.reduce((a, b) => a + b) / squares.length;
    // 40 normal scores know their mean square to 0.22
    expect(mean).toBeGreaterThan(0.4);
    expect(mean).toBeLessThan(1.7);
  });

  it("says so where the parameters change too fast", async () => {
    const wild = await trainingPath(units, data, 0.03);
    const layer = zeroRbm(units, 64, HIDDEN);
    const tracker = sequentialTracker(setupOf(layer, data));
    setParameters(layer, wild[100]);
    tracker.anchor(seedKey("anchor"));
    expect(tracker.estimate.doubt).toBeNull();
    for (let step = 101; step < 300; step++) {
      setParameters(layer, wild[step]);
      tracker.advance(stepKey(step));
    }
    expect(tracker.estimate.doubt).toMatch(/too fast for the chains to follow/);
    const resumed = sequentialTracker(setupOf(layer, data));
    restore(resumed, structuredClone(tracker.state));
    expect(resumed.estimate).toEqual(tracker.estimate);
    tracker.anchor(seedKey("again"));
    expect(tracker.estimate.doubt).toBeNull();
  });

  it("goes on from its state with the same bytes", () => {
    const run = (stop: number): number[] => {
      const layer = zeroRbm(units, 64, HIDDEN);
      let tracker = sequentialTracker(setupOf(layer, data, 50, 30));
      setParameters(layer, path[50]);
      tracker.anchor(seedKey("anchor"));
      return Array.from({ length: 40 }, (_, step) => {
        if (step === stop) {
          const kept = structuredClone(tracker.state);
          tracker = sequentialTracker(setupOf(layer, data, 50, 30));
          restore(tracker, kept);
        }
        setParameters(layer, path[51 + step]);
        tracker.advance(stepKey(step));
        return tracker.estimate.value;
      });
    };
    expect(run(20)).toEqual(run(-1));
  });
});

describe("samples from a tracker", () => {
  const layer = randomLayer("spin", 30, 1, true, "samples", 9);
  const exact = (() => {
    const { magnetizationModel } = exactMagnetization(layer, kernels)!;
    return { magnetization: magnetizationModel, statistics: exactModelStatistics(layer, kernels) };
  })();

  it.each(["sequential", "exact"])("are those of the model, and change nothing: %s", (kind) => {
    const tracker =
      kind === "exact" ? exactTracker(layer, kernels) : sequentialTracker(setupOf(layer, null, 200, 100));
    tracker.anchor(seedKey("anchor"));
    const before = [structuredClone(tracker.state), tracker.estimate];
    const { visible, families } = tracker.samples(seedKey("samples"));
    expect([structuredClone(tracker.state), tracker.estimate]).toEqual(before);
    expect(families).toHaveLength(visible.rows);
    expect(visible.rows).toBe(2000);
    const magnetizations = Float64Array.from(families, (_, row) => (2 * countUp(visible, row)) / 30 - 1);
    const mean = groupedMean(magnetizations, families);
    expect(mean.error).toBeLessThan(0.03);
    expect(Math.abs(mean.value - exact.magnetization)).toBeLessThan(4 * mean.error);
    const arena = kernels.arena();
    const held = new RowStatistics(layer, true, kernels, arena);
    const { squaredNoise } = held.set(visible, mergeGroups(families));
    const squared = held.squaredDistance(exact.statistics);
    arena.release();
    expect(squared / squaredNoise).toBeLessThan(2);
    expect(squared / squaredNoise).toBeGreaterThan(0.4);
    const again = tracker.samples(seedKey("samples"));
    expect(again).toEqual({ visible, families });
    expect(tracker.samples(seedKey("others")).visible.words).not.toEqual(visible.words);
  });

  it("have either sign as often where the model is symmetric", () => {
    const symmetric = randomLayer("spin", 40, 1, false, "symmetric", 30);
    symmetric.weights.fill(0.2);
    const tracker = sequentialTracker(setupOf(symmetric, null, 100, 60));
    tracker.anchor(seedKey("symmetric"));
    const { visible, families } = tracker.samples(seedKey("signs"));
    const { positiveFraction } = sampleMagnetization("spin", visible);
    expect(Math.abs(positiveFraction - 0.5)).toBeLessThan(0.06);
    expect(families.every((family) => family < 100)).toBe(true);
  });
});

describe("a tracker", () => {
  it("knows nothing before its first anchor, and says so", () => {
    const { value, doubt } = sequentialTracker(setupOf(zeroRbm("spin", 8, 8), null)).estimate;
    expect(value).toBeNaN();
    expect(doubt).toMatch(/not been estimated/);
  });

  it("is exact where the layer starts without weights: (n + m) ln 2", () => {
    const tracker = sequentialTracker(setupOf(zeroRbm("spin", 50, 30), null, 8, 4));
    tracker.anchor(seedKey("zero"));
    expect(tracker.estimate.value).toBeCloseTo(80 * Math.LN2, 5);
    expect(tracker.estimate.error).toBeLessThan(1e-6);
  });

  it("doubts few independent chains, and values that the data contradict", () => {
    const layer = randomLayer("spin", 64, 6, true, "hard");
    const tracker = sequentialTracker(setupOf(layer, null, 8, 2));
    tracker.anchor(seedKey("hard"));
    expect(tracker.estimate.doubt).toMatch(/effective independent chains/);
    const bimodal = bimodalLayer("spin", 64, 10);
    const data = {
      rows: 2,
      columns: 64,
      wordsPerRow: 2,
      words: Uint32Array.of(0xffffffff, 0xffffffff, 0, 0),
    };
    const missing = sequentialTracker(setupOf(bimodal, data, 100, 100));
    missing.anchor(seedKey("missing"));
    expect(missing.estimate.doubt).toMatch(/impossible/);
  });

  it("is alarmed by the data at every change of the parameters, not only where it is anchored", () => {
    const bimodal = bimodalLayer("spin", 64, 10);
    const rows = { rows: 2, columns: 64, wordsPerRow: 2 };
    const data = { ...rows, words: Uint32Array.of(0xffffffff, 0xffffffff, 0, 0) };
    const layer = toSingle(bimodal);
    const tracker = sequentialTracker(setupOf(layer, data, 100, 100));
    for (const name of ["weights", "visibleBias", "hiddenBias"] as const) layer[name].fill(0);
    tracker.anchor(seedKey("nothing"));
    const doubts: (string | null)[] = [];
    for (let step = 1; step <= 60; step++) {
      for (const name of ["weights", "visibleBias", "hiddenBias"] as const) {
        layer[name].set(bimodal[name].map((x) => (x * step) / 60));
      }
      tracker.advance(stepKey(step));
      doubts.push(tracker.estimate.doubt);
    }
    expect(doubts[5] ?? "").not.toMatch(/impossible/);
    expect(doubts.at(-1)).toMatch(/impossible/);
    // It is not forgotten where the contradiction is over, but by an anchor.
    for (const name of ["weights", "visibleBias", "hiddenBias"] as const) layer[name].fill(0);
    tracker.advance(stepKey(61));
    expect(tracker.estimate.doubt).toMatch(/impossible/);
    const resumed = sequentialTracker(setupOf(layer, data, 100, 100));
    restore(resumed, structuredClone(tracker.state));
    expect(resumed.estimate).toEqual(tracker.estimate);
    tracker.anchor(seedKey("again"));
    expect(tracker.estimate.doubt).toBeNull();
  });

  it("enumerates where that is quick, at the parameters as they are, and only then", () => {
    const layer = toSingle(transposeRbm(randomLayer("spin", 40, 1, true, "small", 10)));
    const tracker = logPartitionTracker(setupOf(layer, null));
    tracker.anchor(seedKey("a"));
    expect(tracker.estimate).toEqual({ value: exactLogPartition(layer, kernels), error: 0, doubt: null });
    layer.weights.fill(0.1);
    tracker.advance(seedKey("b"));
    expect(tracker.estimate.value).toBe(exactLogPartition(layer, kernels));
    expect(tracker.state).toEqual({});
    expect(exactTracker(layer, kernels).estimate.value).toBe(tracker.estimate.value);
    const large = logPartitionTracker(setupOf(zeroRbm("spin", 40, 30), null));
    large.anchor(seedKey("c"));
    expect(large.estimate.error).toBeGreaterThan(0);
  });
});
