import { describe, expect, it } from "vitest";
import { type ControlName, controls } from "../../src/analysis/controls/index.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { sampleIsing } from "../../src/ising/sample.js";
import { seedKey } from "../../src/random/index.js";
import { trainLayer } from "../../src/rbm/trainer.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import { type LayerFields, measureLayers } from "../../src/report/layer-fields.js";
import { mean, variance } from "../../src/statistics/index.js";
import { kernels } from "./kernels.js";

const SHAPE = [16, 16] as const;
const UNITS = 64;

/** Radius of gyration of weights spread over the whole lattice: √(2 (L² + 2)/12). */
const LATTICE_RADIUS = Math.sqrt((2 * 258) / 12);

const options: TrainingOptions = {
  units: "spin",
  objective: "kl",
  gauge: "literal",
  mu: 1,
  estimator: "cd",
  steps: 1,
  chains: 100,
  epochs: 12,
  batchSize: 100,
  optimizer: "sgd",
  learningRate: 0.01,
  finalLearningRate: 0.01,
  rateSchedule: "constant",
  momentum: 0.5,
  secondMomentDecay: 0.999,
  penalty: { l1: 0.01, l1Form: "soft-threshold", l2: 0 },
  bias: false,
  centered: false,
  initialDeviation: 0.01,
  maxWeight: 100,
};

const { configurations } = await sampleIsing(
  isingModel(torus(16, 16), 0.408),
  { samples: 4000, algorithm: "auto", chains: 32, thermalization: "auto", spacing: "auto", start: "auto" },
  seedKey("control data"),
  kernels,
);

/** The fields of one layer trained in the block-spin setting, or with another penalty, under a control. */
async function fieldsUnder(name: ControlName | null, l1 = 0.01): Promise<LayerFields> {
  const control = name === null ? null : controls[name];
  const key = seedKey(`control ${name ?? "none"}`);
  const rows = control?.kind === "data" ? control.transform(configurations, SHAPE, key) : configurations;
  const trained = await trainLayer(
    { rows, target: null },
    UNITS,
    { ...options, penalty: { ...options.penalty, l1 } },
    1,
    seedKey("control training"),
    kernels,
  );
  const layers =
    control?.kind === "weights"
      ? control.transform([trained], SHAPE, options.initialDeviation, key)
      : [trained];
  return measureLayers(layers, rows, SHAPE, kernels)[0];
}

const share = (units: readonly boolean[]): number => units.filter(Boolean).length / units.length;

const plain = await fieldsUnder(null);

describe("controls of the receptive fields", () => {
  it("without control: local blocks that tile the lattice", () => {
    expect(share(plain.measures.map(({ localized }) => localized))).toBeGreaterThan(0.9);
    const { value, random } = plain.tiling.nearestCenter;
    expect(value - random).toBeGreaterThan(5 * plain.tiling.nearestCenterError);
  });

  it("site-permuted: as many sites as before within errors, spread over the lattice, none beyond the null", async () => {
    const { measures, tiling } = await fieldsUnder("site-permuted");
    const [before, after] = [plain.measures, measures].map((units) =>
      units.map(({ participationRatio }) => participationRatio),
    );
    const error = Math.sqrt((variance(before) + variance(after)) / UNITS);
    expect(Math.abs(mean(before) - mean(after))).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.1 * mean(before));
    const radius = mean(measures.map(({ radiusOfGyration }) => radiusOfGyration));
    expect(radius / LATTICE_RADIUS).toBeGreaterThan(0.75);
    expect(share(measures.map(({ beyondNull }) => beyondNull))).toBeLessThan(0.1);
    const { value, random } = tiling.nearestCenter;
    expect(Math.abs(value - random)).toBeLessThan(4 * tiling.nearestCenterError);
  });

  it("infinite temperature: no unit localised beyond the null's 95 % interval, with L1 no unit at all", async () => {
    const { measures, none } = await fieldsUnder("infinite-temperature", 0);
    // 2.5 % below the lower end by chance: of 64 units 1.6, and 7 or more with probability 1e-3.
    for (const name of ["participationRatio", "radiusOfGyration"] as const) {
      const below = measures.filter((unit) => unit[name] < none[name].lower).length;
      expect(below).toBeLessThan(7);
    }
    expect(share(measures.map(({ beyondNull }) => beyondNull))).toBeLessThan(0.05);
    expect(share(measures.map(({ dead }) => dead))).toBe(0);
    const penalized = await fieldsUnder("infinite-temperature");
    expect(share(penalized.measures.map(({ dead }) => dead))).toBe(1);
  });

  it("Gaussian clone: the pair correlations alone make the same blocks", async () => {
    const { measures } = await fieldsUnder("gaussian-clone");
    expect(share(measures.map(({ localized }) => localized))).toBeGreaterThan(0.8);
    const [before, after] = [plain.measures, measures].map((units) =>
      mean(units.map(({ core }) => core.radius)),
    );
    expect(Math.abs(after / before - 1)).toBeLessThan(0.25);
  });

  it.each(["pixel-shuffled", "untrained"] as const)("%s: no block", async (name) => {
    const { measures } = await fieldsUnder(name);
    expect(share(measures.map(({ beyondNull }) => beyondNull))).toBeLessThan(0.1);
  });
});
