import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import {
  type BitMatrix,
  bitMatrix,
  type Kernels,
  type LayerArrays,
  openKernels,
} from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { estimators, type EstimatorName } from "../../src/rbm/estimators/index.js";
import type { LayerResume, LayerState, StateArrays } from "../../src/rbm/layer-state.js";
import { type OptimizerName, optimizers } from "../../src/rbm/optimizers/index.js";
import { unmetNeeds } from "../../src/rbm/objectives/index.js";
import { type StackResume, trainStack } from "../../src/rbm/stack.js";
import type { TargetModel } from "../../src/rbm/target-model.js";
import { trainLayer, type TrainingObserver } from "../../src/rbm/trainer.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import { randomDistribution } from "./oracle.js";
import { implementations, trainingOptions } from "./training.js";

/** Random rows; 23 rows make batches of 10, 10 and 3. */
function randomRows(columns: number, rows = 23): BitMatrix {
  const matrix = bitMatrix(rows, columns);
  const stream = new RandomStream(seedKey("resume"));
  for (let word = 0; word < matrix.words.length; word++) {
    matrix.words[word] = stream.nextWord() >>> (32 - columns);
  }
  return matrix;
}

const bytes = ({ weights, visibleBias, hiddenBias }: LayerArrays): string =>
  [weights, visibleBias, hiddenBias]
    .map((array) => Buffer.from(Float32Array.from(array).buffer).toString("hex"))
    .join("|");

/** A copy of a state, as a checkpoint would have it. */
function saved({ update, arrays }: LayerState): LayerResume {
  const copies: StateArrays = Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, array.slice()] as const),
  );
  return {
    update,
    restore(into) {
      expect(Object.keys(into)).toEqual(Object.keys(copies));
      for (const [name, array] of Object.entries(into)) {
        expect(array.length).toBe(copies[name].length);
        array.set(copies[name]);
      }
    },
  };
}

/** Everything an observer is told at the end of an epoch, as text. */
function journal(told: string[]): NonNullable<TrainingObserver["onEpoch"]> {
  return ({ layer, epoch, reconstructionError, parameters, modelSamples, logPartition }) => {
    const samples = modelSamples === null ? "" : Array.from(modelSamples.words).join();
    const own = JSON.stringify(logPartition);
    told.push(`${layer}/${epoch} ${reconstructionError} ${bytes(parameters)} ${samples} ${own}`);
  };
}

interface Case {
  readonly name: string;
  readonly options: Partial<TrainingOptions>;
  readonly exactTarget: boolean;
}

const cases: readonly Case[] = (Object.keys(optimizers) as OptimizerName[]).flatMap((optimizer) =>
  (Object.keys(estimators) as EstimatorName[]).flatMap((estimator) =>
    [true, false].flatMap((bias) =>
      [true, false].flatMap((centered) =>
        [true, false].map((exactTarget) => ({
          name: [optimizer, estimator, bias && "biases", centered && "centred", exactTarget && "exact target"]
            .filter((word) => word !== false)
            .join(", "),
          // Half of them end with a mean, over the last half of the updates.
          options: { optimizer, estimator, bias, centered, averagedEpochs: bias ? 2 : 0 },
          exactTarget,
        })),
      ),
    ),
  ),
);

/** The objectives beyond kl, with the estimators that serve them. */
const objectiveCases = (
  [
    { objective: "free-energy", gauge: "literal" },
    { objective: "free-energy", gauge: "data" },
    { objective: "free-energy", gauge: "model" },
    { objective: "trace" },
    { objective: "hybrid", mu: 0.1 },
  ] as const
).flatMap((options) =>
  (Object.keys(estimators) as EstimatorName[])
    .filter((estimator) => unmetNeeds({ gauge: "literal", mu: 1, ...options, estimator }, {}).length === 0)
    .flatMap((estimator) =>
      (["sgd", "adam"] as const).map((optimizer) => ({
        name: `${Object.values(options).join(" ")}, ${estimator}, ${optimizer}`,
        options: { ...options, estimator, optimizer },
      })),
    ),
);

/** H(v) of any state, and an F that goes with nothing. */
const model: TargetModel = {
  hamiltonianOf: ({ words }) => Float64Array.from(words, (state) => Math.sin(5 * state) - 4),
  logPartition: { value: 7.5, error: 0.1, doubt: null },
};

const plain: Partial<TrainingOptions> = {
  epochs: 4,
  chains: 7,
  steps: 2,
  momentum: 0.6,
  learningRate: 0.05,
  finalLearningRate: 0.01,
  rateSchedule: "exponential",
  penalty: { l1: 0.01, l1Form: "soft-threshold", l2: 0.001 },
};

describe.each(implementations)("training that goes on by the $name kernels", (kernels) => {
  it.each(cases)("gives the same bytes after every update: $name", async ({ options, exactTarget }) => {
    const data = { rows: randomRows(6), target: exactTarget ? randomDistribution(6, "resume") : null };
    const all = trainingOptions({ ...plain, ...options });
    const run = (observer: TrainingObserver, resume: LayerResume | null): Promise<LayerArrays> =>
      trainLayer(data, 4, all, 1, seedKey("resume"), kernels, observer, resume);
    const whole: string[] = [];
    const states: LayerResume[] = [];
    const found = await run(
      { onUpdate: ({ capture }) => void states.push(saved(capture())), onEpoch: journal(whole) },
      null,
    );
    expect(states.map(({ update }) => update)).toEqual(Array.from({ length: 12 }, (_, k) => k + 1));
    for (const state of states) {
      const told: string[] = [];
      const updates: number[] = [];
      const again = await run(
        { onUpdate: ({ update }) => void updates.push(update), onEpoch: journal(told) },
        state,
      );
      expect(bytes(again), `from update ${state.update}`).toBe(bytes(found));
      expect(updates).toEqual(Array.from({ length: 12 - state.update }, (_, k) => state.update + k + 1));
      // an epoch whose last update was made before is told again
      expect(told).toEqual(whole.slice(Math.ceil(state.update / 3) - 1));
    }
  });

  it.each(objectiveCases)("gives the same bytes after every update: objective $name", async ({ options }) => {
    const data = { rows: randomRows(6), target: null, model };
    const all = trainingOptions({ ...plain, ...options });
    const whole: string[] = [];
    const states: LayerResume[] = [];
    const run = (observer: TrainingObserver, resume: LayerResume | null): Promise<LayerArrays> =>
      trainLayer(data, 4, all, 1, seedKey("resume"), kernels, observer, resume);
    const found = await run(
      { onUpdate: ({ capture }) => void states.push(saved(capture())), onEpoch: journal(whole) },
      null,
    );
    for (const state of [states[0], states[2], states[7]]) {
      const told: string[] = [];
      const again = await run({ onEpoch: journal(told) }, state);
      expect(bytes(again), `from update ${state.update}`).toBe(bytes(found));
      expect(told).toEqual(whole.slice(Math.ceil(state.update / 3) - 1));
    }
  });
});

describe("training that goes on", () => {
  it("gives the same bytes where ln Z_λ is followed by chains", async () => {
    const [, kernels] = implementations;
    const data = { rows: randomRows(20), target: null, model };
    const options = { objective: "free-energy", estimator: "pcd", epochs: 2, learningRate: 0.05 } as const;
    const run = (observer: TrainingObserver, resume: LayerResume | null): Promise<LayerArrays> =>
      trainLayer(data, 20, trainingOptions(options), 1, seedKey("followed"), kernels, observer, resume);
    const [whole, states]: [string[], LayerResume[]] = [[], []];
    await run(
      { onUpdate: ({ capture }) => void states.push(saved(capture())), onEpoch: journal(whole) },
      null,
    );
    expect(whole[1]).toMatch(/"value":.*"error":0\.\d*[1-9]/);
    for (const state of [states[3]]) {
      const told: string[] = [];
      await run({ onEpoch: journal(told) }, state);
      expect(told).toEqual(whole.slice(Math.ceil(state.update / 3) - 1));
    }
  });

  it("on another number of threads gives the same bytes", async () => {
    const rows = bitMatrix(400, 200);
    const stream = new RandomStream(seedKey("threads"));
    for (let word = 0; word < rows.words.length; word++) {
      rows.words[word] = stream.nextWord() >>> ((word + 1) % rows.wordsPerRow === 0 ? 24 : 0);
    }
    const pool: readonly Kernels[] = [openKernels("wasm", 1), openKernels("wasm", 2)];
    for (const options of [
      { estimator: "pcd", chains: 170, optimizer: "sgd" },
      { estimator: "cd", optimizer: "adam", centered: true },
    ] as const) {
      const all = trainingOptions({ ...plain, ...options, batchSize: 150, epochs: 2, learningRate: 0.002 });
      const run = (kernels: Kernels, observer: TrainingObserver, resume: LayerResume | null) =>
        trainLayer({ rows, target: null }, 150, all, 1, seedKey("t"), kernels, observer, resume);
      const states: LayerResume[] = [];
      const whole = await run(
        pool[0],
        { onUpdate: ({ capture }) => void states.push(saved(capture())) },
        null,
      );
      for (const state of [states[1], states[3]]) {
        for (const kernels of pool) expect(bytes(await run(kernels, {}, state))).toBe(bytes(whole));
      }
    }
    for (const kernels of pool) kernels.close();
  });

  it("estimates ln Z_λ at the end of every epoch if that is asked for, and trains as without", async () => {
    const [, kernels] = implementations;
    const rows = randomRows(20);
    const run = (options: Partial<TrainingOptions>, observer: TrainingObserver, resume: LayerResume | null) =>
      trainLayer(
        { rows, target: null },
        20,
        trainingOptions({ ...plain, ...options }),
        1,
        seedKey("e"),
        kernels,
        observer,
        resume,
      );
    const [told, again, states]: [string[], string[], LayerResume[]] = [[], [], []];
    const options = { estimateLogPartition: true, epochs: 2 };
    const onUpdate: TrainingObserver["onUpdate"] = ({ capture }) => void states.push(saved(capture()));
    const found = await run(options, { onUpdate, onEpoch: journal(told) }, null);
    expect(bytes(found)).toBe(bytes(await run({ epochs: 2 }, {}, null)));
    expect(told).toHaveLength(2);
    for (const line of told) expect(line).toMatch(/"value":.*"error":0\.\d*[1-9]/);
    await run(options, { onEpoch: journal(again) }, states[3]);
    expect(again).toEqual(told.slice(1));
    const automatic: string[] = [];
    const auto = await run(
      { ...options, estimateLogPartition: "auto" },
      { onEpoch: journal(automatic) },
      null,
    );
    expect(bytes(auto)).toBe(bytes(found));
    for (const line of automatic) expect(line).toMatch(/"value":.*"error":0\.\d*[1-9]/);
  });

  it("goes through a stack from any update of any layer, and from between them", async () => {
    const data = { rows: randomRows(6), target: null };
    const options = trainingOptions({ ...plain, estimator: "pcd", optimizer: "adam", epochs: 2 });
    const hidden = [5, 4, 3];
    const finished: LayerArrays[] = [];
    const points: StackResume[] = [{ finished: [], layer: null }];
    const run = (observer: Parameters<typeof trainStack>[5], resume?: StackResume) =>
      trainStack(data, hidden, options, seedKey("stack"), implementations[1], observer, resume);
    const whole = await run({
      onUpdate: ({ capture }) => void points.push({ finished: [...finished], layer: saved(capture()) }),
      onLayer: (_, parameters) => {
        finished.push(parameters);
        points.push({ finished: [...finished], layer: null });
      },
    });
    expect(points).toHaveLength(1 + 3 * 6 + 3);
    for (const point of points) {
      const told: number[] = [];
      const layers = await run({ onLayer: (layer) => void told.push(layer) }, point);
      expect(layers.map(bytes)).toEqual(whole.map(bytes));
      expect(told).toEqual([1, 2, 3].slice(point.finished.length));
    }
  });

  it("refuses a state of an update that the training does not have", async () => {
    const data = { rows: randomRows(6), target: null };
    for (const update of [0, 13, 1.5, NaN]) {
      const resume = { update, restore: () => undefined };
      const attempt = trainLayer(
        data,
        4,
        trainingOptions({ epochs: 4 }),
        1,
        seedKey("k"),
        implementations[0],
        {},
        resume,
      );
      await expect(attempt).rejects.toThrow(DomainError);
    }
  });
});
