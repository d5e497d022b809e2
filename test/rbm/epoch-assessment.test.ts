import { describe, expect, it } from "vitest";
import { isingHamiltonians } from "../../src/ising/hamiltonian.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { exactReference } from "../../src/ising/exact/index.js";
import { sampleIsing } from "../../src/ising/sample.js";
import type { BitMatrix, LayerArrays } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { type AssessmentChoice, isAssessed } from "../../src/rbm/assessment-effort.js";
import { exactLogPartition } from "../../src/rbm/log-partition/exact.js";
import { type EpochResult, trainLayer } from "../../src/rbm/trainer.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import { kernels } from "../physics/kernels.js";
import { trainingOptions } from "./training.js";

const model = isingModel(torus(5, 5), 0.4);
const logPartition = { value: exactReference(model).logPartition!, error: 0, doubt: null };
const target = { hamiltonianOf: (rows: BitMatrix) => isingHamiltonians(model, rows), logPartition };

const sampling = { samples: 300, chains: 30, thermalization: 100, spacing: 2 } as const;
const { configurations: rows } = await sampleIsing(
  model,
  { ...sampling, algorithm: "auto", start: "auto" },
  seedKey("epochs"),
  kernels,
);

/** Hidden units of layers that are too large to be enumerated after every epoch. */
const LARGE = 17;

const common = { epochs: 1, batchSize: 50, chains: 40, learningRate: 0.02, initialDeviation: 0.05 } as const;

/** Train on the 5 × 5 torus; what was told of every epoch, with a copy of the parameters. */
async function train(
  hidden: number,
  changes: Partial<TrainingOptions>,
  choice: AssessmentChoice | undefined,
): Promise<{ bytes: string; epochs: readonly EpochResult[] }> {
  const epochs: EpochResult[] = [];
  const assessed = choice === undefined ? {} : { estimateLogPartition: choice };
  const layer = await trainLayer(
    { rows, target: null, model: target },
    hidden,
    trainingOptions({ ...common, ...changes, ...assessed }),
    1,
    seedKey("1"),
    kernels,
    { onEpoch: (result) => void epochs.push({ ...result, parameters: copyOf(result.parameters) }) },
  );
  return { bytes: Buffer.from(Float32Array.from(layer.weights).buffer).toString("hex"), epochs };
}

function copyOf({ weights, visibleBias, hiddenBias, ...rest }: LayerArrays): LayerArrays {
  return {
    ...rest,
    weights: weights.slice(),
    visibleBias: visibleBias.slice(),
    hiddenBias: hiddenBias.slice(),
  };
}

const objectives: readonly Partial<TrainingOptions>[] = [
  { objective: "kl", estimator: "cd" },
  { objective: "kl", estimator: "pcd" },
  { objective: "trace", estimator: "cd" },
  { objective: "free-energy", gauge: "data", estimator: "cd" },
  { objective: "free-energy", gauge: "literal", estimator: "pcd" },
  { objective: "free-energy", gauge: "model", estimator: "pcd" },
  { objective: "hybrid", mu: 0.01, estimator: "pcd" },
];

describe.each(objectives)("training with $objective $gauge $estimator", (options) => {
  it("gives the same bytes with and without assessment, which finds ln Z_λ and samples after every epoch", async () => {
    const without = await train(LARGE, options, undefined);
    for (const choice of options.objective === "kl" ? (["auto", true] as const) : (["auto"] as const)) {
      const { bytes, epochs } = await train(LARGE, options, choice);
      expect(bytes).toBe(without.bytes);
      for (const { logPartition: own, modelSamples, modelFamilies, parameters } of epochs) {
        expect(own!.error).toBeGreaterThan(0);
        expect(own!.doubt).toBeNull();
        expect(Math.abs(own!.value - exactLogPartition(parameters, kernels))).toBeLessThan(4 * own!.error);
        expect(modelSamples!.rows).toBe(options.estimator === "pcd" ? 40 : modelFamilies!.length);
        expect(modelFamilies === null).toBe(options.estimator === "pcd");
      }
    }
  });
});

describe("what is known after an epoch", () => {
  it("is exact, with independent samples, where the hidden layer is enumerated", async () => {
    for (const options of [{}, { estimator: "exact" }] as const) {
      const { epochs } = await train(6, options, "auto");
      for (const { logPartition: own, modelSamples, modelFamilies, parameters } of epochs) {
        expect(own).toEqual({ value: exactLogPartition(parameters, kernels), error: 0, doubt: null });
        expect(modelSamples!.rows).toBe(2000);
        expect(new Set(modelFamilies).size).toBe(2000);
      }
    }
  });

  it("is that the objective has followed an ln Z_λ that was not to be trusted, or nothing", async () => {
    const followed = { objective: "free-energy", gauge: "literal", estimator: "pcd" } as const;
    const calm = await train(LARGE, { ...followed, learningRate: 0.01 }, undefined);
    expect(calm.epochs.map(({ followedDoubt }) => followedDoubt)).toEqual([null]);
    const wild = await train(LARGE, { ...followed, learningRate: 0.9, initialDeviation: 0.3 }, undefined);
    expect(wild.epochs[0].followedDoubt).toMatch(/too fast for the chains|was followed, and estimated anew/);
    const unfollowed = await train(LARGE, { objective: "trace" }, "auto");
    expect(unfollowed.epochs.every(({ followedDoubt }) => followedDoubt === null)).toBe(true);
  });
});

describe("the choice of layers that are assessed without being asked", () => {
  it("takes those that are enumerated quickly, and small ones", () => {
    const assessed = (visible: number, hidden: number, choice: AssessmentChoice = "auto") =>
      isAssessed(choice, { visible, hidden });
    expect(assessed(256, 64)).toBe(true);
    expect(assessed(257, 64)).toBe(false);
    expect(assessed(4096, 8)).toBe(true);
    expect(assessed(1600, 400)).toBe(false);
    expect(assessed(1600, 400, true)).toBe(true);
    expect(assessed(4, 4, false)).toBe(false);
  });
});
