import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { DataError, DivergenceError } from "../../src/errors/index.js";
import { boltzmannDistribution } from "../../src/ising/exact/index.js";
import { chain } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import {
  type BitMatrix,
  bitMatrix,
  type Kernels,
  type LayerArrays,
  openKernels,
  referenceKernels,
  setBit,
} from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { estimators } from "../../src/rbm/estimators/index.js";
import type { Rbm } from "../../src/rbm/parameters.js";
import { type TrainingObserver, trainLayer } from "../../src/rbm/trainer.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import {
  drawStates,
  enumerateJoint,
  exactKl,
  flat,
  fromFlat,
  jointAverages,
  largestDifference,
  randomDistribution,
  randomRbm,
  tracedHamiltonian,
  unitTypes,
} from "./oracle.js";
import { implementations, recordingKernels, states, trainingOptions } from "./training.js";

/** 17 different rows of 5 units. */
function distinctRows(): BitMatrix {
  const rows = bitMatrix(17, 5);
  for (let row = 0; row < 17; row++) rows.words[row] = (11 * row + 3) % 32;
  return rows;
}

interface Setting {
  readonly key: string;
  readonly rows: BitMatrix;
  readonly hidden: number;
  readonly kernels: Kernels;
  readonly target: Float64Array | null;
  readonly observer: TrainingObserver;
}

function train(options: Partial<TrainingOptions>, setting: Partial<Setting> = {}): Promise<LayerArrays> {
  const { key, rows, hidden, kernels, target, observer }: Setting = {
    key: "key",
    rows: distinctRows(),
    hidden: 3,
    kernels: referenceKernels,
    target: null,
    observer: {},
    ...setting,
  };
  return trainLayer({ rows, target }, hidden, trainingOptions(options), 1, seedKey(key), kernels, observer);
}

/** The distribution of a list of states of 5 units. */
function empirical(batch: readonly number[]): Float64Array {
  const p = new Float64Array(32);
  batch.forEach((state) => (p[state] += 1 / batch.length));
  return p;
}

/** The parameters after one change per batch, in double precision. */
function follow(
  start: Rbm,
  batches: readonly number[][],
  change: (rbm: Rbm, batch: number[]) => number[],
): Rbm {
  return batches.reduce((rbm, batch) => {
    const move = change(rbm, batch);
    return fromFlat(
      rbm,
      flat(rbm).map((x, k) => x + move[k]),
    );
  }, start);
}

const bytes = (layer: LayerArrays): Buffer[] =>
  [layer.weights, layer.visibleBias, layer.hiddenBias].map((array) => Buffer.from(array.buffer.slice(0)));

describe.each(implementations)("training on H by the $name kernels", (kernels) => {
  const hamiltonian = Float64Array.from({ length: 32 }, (_, state) => 2 * Math.sin(7 * state) - 3);
  const model = {
    hamiltonianOf: ({ words }: BitMatrix) => Float64Array.from(words, (state) => hamiltonian[state]),
    logPartition: null,
  };

  it("shuffles H with its rows: trace follows −rate · Cov(D, s)/(1 + ‖Cov(D, s)‖²/Var D) of each batch", async () => {
    const options = trainingOptions({ objective: "trace", estimator: "cd", epochs: 3, learningRate: 0.05 });
    const run = (epochs: number, learningRate: number, used: Kernels): Promise<LayerArrays> =>
      trainLayer(
        { rows: distinctRows(), target: null, model },
        3,
        { ...options, epochs, learningRate },
        1,
        seedKey("key"),
        used,
      );
    const recording = recordingKernels(kernels);
    const start = await run(1, 1e-30, kernels);
    const found = await run(3, 0.05, recording.kernels);
    // each batch is multiplied out twice, for the weights and for the visible biases
    const batches = recording.batches.filter((_, index) => index % 2 === 0);
    expect(batches.map(({ length }) => length)).toEqual([10, 7, 10, 7, 10, 7]);
    const expected = follow(start, batches, (rbm, batch) => {
      const d = batch.map((state) => hamiltonian[state] - tracedHamiltonian(rbm, state));
      const mean = d.reduce((sum, x) => sum + x) / d.length;
      const weights = new Float64Array(32);
      batch.forEach((state, row) => (weights[state] += (d[row] - mean) / (d.length - 1)));
      const covariance = jointAverages(rbm, weights);
      const variance = d.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (d.length - 1);
      const damping = 1 + covariance.reduce((sum, x) => sum + x * x, 0) / variance;
      return covariance.map((x) => (-0.05 * x) / damping);
    });
    expect(largestDifference(flat(found), flat(expected))).toBeLessThan(2e-6);
    expect(largestDifference(flat(found), flat(start))).toBeGreaterThan(0.05);
  });

  it("is refused before it begins where H or F is not known", async () => {
    const data = { rows: distinctRows(), target: null };
    const train = (objective: "trace" | "hybrid", known: object): Promise<LayerArrays> =>
      trainLayer(
        { ...data, ...known },
        3,
        trainingOptions({ objective, estimator: "pcd" }),
        1,
        seedKey("key"),
        kernels,
      );
    await expect(train("trace", {})).rejects.toThrow(/objective trace needs the Hamiltonian/);
    await expect(train("hybrid", { model })).rejects.toThrow(/--log-partition/);
  });
});

describe.each(implementations)("training by the $name kernels", (kernels) => {
  it.each(Object.keys(estimators) as (keyof typeof estimators)[])(
    "with %s is a function of its key: the same bytes again, others with another key",
    async (estimator) => {
      for (const centered of [false, true]) {
        const options = { estimator, epochs: 3, momentum: 0.5, centered };
        const first = bytes(await train(options, { kernels }));
        expect(bytes(await train(options, { kernels }))).toEqual(first);
        const other = bytes(await train(options, { kernels, key: "other" }));
        for (const [index, array] of other.entries()) expect(array).not.toEqual(first[index]);
      }
    },
  );

  it("follows rate · (⟨…⟩ over the rows of the batch − ⟨…⟩_λ), also for a short last batch", async () => {
    for (const units of unitTypes) {
      const recording = recordingKernels(kernels);
      const { batches } = recording;
      const options = { units, estimator: "exact", epochs: 3, learningRate: 0.3 } as const;
      const start = await train({ ...options, epochs: 1, learningRate: 1e-30 });
      const found = await train(options, { kernels: recording.kernels });
      const expected = follow(start, batches, (rbm, batch) => {
        const model = jointAverages(rbm, enumerateJoint(rbm).visible);
        return jointAverages(rbm, empirical(batch)).map((x, k) => 0.3 * (x - model[k]));
      });
      expect(batches.length).toBe(6);
      expect(largestDifference(flat(found), flat(expected))).toBeLessThan(1e-6);
      expect(largestDifference(flat(found), flat(start))).toBeGreaterThan(0.05);
    }
  });

  it.each(["cd", "pcd"] as const)(
    "with %s follows rate · (⟨…⟩ over the rows of the batch − ⟨…⟩ over the rows of the model phase)",
    async (estimator) => {
      for (const units of unitTypes) {
        const recording = recordingKernels(kernels);
        const { descents } = recording;
        const options = { units, estimator, epochs: 3, learningRate: 0.3, chains: 13 } as const;
        const start = await train({ ...options, epochs: 1, learningRate: 1e-30 });
        const found = await train(options, { kernels: recording.kernels });
        const expected = descents.reduce<Rbm>((rbm, terms) => {
          const [data, model] = terms.map((rows) => jointAverages(rbm, empirical(rows)));
          return fromFlat(
            rbm,
            flat(rbm).map((x, k) => x + 0.3 * (data[k] - model[k])),
          );
        }, start);
        const chains = (rows: number): number => (estimator === "cd" ? rows : 13);
        const sizes = [10, 7, 10, 7, 10, 7].map((rows) => [rows, chains(rows)]);
        expect(descents.map((terms) => terms.map((rows) => rows.length))).toEqual(sizes);
        const data = descents.slice(0, 2).flatMap((terms) => terms[0]);
        expect(data.sort((a, b) => a - b)).toEqual(states(distinctRows()).sort((a, b) => a - b));
        expect(largestDifference(flat(found), flat(expected))).toBeLessThan(2e-6);
        expect(largestDifference(flat(found), flat(start))).toBeGreaterThan(0.05);
      }
    },
  );

  it("lowers the KL of a layer that never sees an exact average", async () => {
    const teacher = enumerateJoint(randomRbm("spin", 5, 2, "teacher")).visible;
    const rows = bitMatrix(20_000, 5);
    drawStates(teacher, rows, seedKey("teacher"));
    const options = { estimator: "pcd", batchSize: 500, chains: 500, learningRate: 0.1 } as const;
    const found = await train({ ...options, epochs: 20 }, { kernels, rows });
    const before = await train({ ...options, epochs: 1, learningRate: 1e-30 }, { kernels, rows });
    expect(exactKl(before, teacher)).toBeGreaterThan(0.3);
    expect(exactKl(found, teacher)).toBeLessThan(0.02);
  });

  it("keeps the layer it returns when the memory of training is used again", async () => {
    const first = await train({ epochs: 2 }, { kernels });
    const before = bytes(first);
    await train({ epochs: 2 }, { kernels, key: "other" });
    const arena = kernels.arena();
    for (let k = 0; k < 20; k++) arena.float32(100).fill(NaN);
    expect(bytes(first)).toEqual(before);
    arena.release();
  });

  it("stops with a DivergenceError when the weights explode, and when they become NaN", async () => {
    for (const estimator of ["cd", "pcd", "exact"] as const) {
      const attempt = train({ estimator, learningRate: 1e6, epochs: 20 }, { kernels });
      await expect(attempt).rejects.toThrow(DivergenceError);
      await expect(attempt).rejects.toThrow(/layer 1, epoch 1:.*learning_rate = 1000000;/);
    }
    const options = { estimator: "cd", learningRate: 1e39, bias: false, epochs: 20, momentum: 0.5 } as const;
    await expect(train(options, { kernels })).rejects.toThrow(/not finite/);
  });
});

describe("training", () => {
  it("ends after the epoch in which an observer asks for it, with the parameters of that epoch", async () => {
    const epochs: number[] = [];
    const observer: TrainingObserver = {
      onEpoch({ epoch, stop }) {
        epochs.push(epoch);
        if (epoch === 2) stop();
      },
    };
    const stopped = await train({ epochs: 5 }, { observer });
    expect(epochs).toEqual([1, 2]);
    expect(stopped).toEqual(await train({ epochs: 2 }));
    expect(stopped).not.toEqual(await train({ epochs: 3 }));
  });

  it("uses every row once in each epoch, in a new order each time, the short batch last", async () => {
    const { kernels, batches } = recordingKernels();
    await train({ estimator: "exact", epochs: 4 }, { kernels });
    expect(batches.map((batch) => batch.length)).toEqual([10, 7, 10, 7, 10, 7, 10, 7]);
    const epochs = [0, 2, 4, 6].map((first) => [...batches[first], ...batches[first + 1]]);
    const expected = states(distinctRows()).sort((a, b) => a - b);
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual(expected);
    expect(new Set([...epochs, states(distinctRows())].map((epoch) => epoch.join())).size).toBe(5);
  });

  it("with one batch of all rows needs no more than their number", async () => {
    const { kernels, batches } = recordingKernels();
    await train({ estimator: "exact", batchSize: 1000, epochs: 2 }, { kernels });
    expect(batches.map((batch) => batch.length)).toEqual([17, 17]);
  });

  it("lowers the exact KL to that of the best model: an RBM finds a target that is an RBM", async () => {
    const target = enumerateJoint(randomRbm("spin", 5, 2, "teacher")).visible;
    const options = { estimator: "exact", epochs: 3000, learningRate: 0.3, momentum: 0.9 } as const;
    for (const centered of [false, true]) {
      const found = await train({ ...options, centered, batchSize: 17 }, { target });
      expect(exactKl(found, target)).toBeLessThan(1e-4);
    }
  });

  it("lowers the rate with the schedule, update by update", async () => {
    // with W = b = 0 and all spins up, every visible bias obeys c ← c + rate (1 − tanh c) alone
    const rows = bitMatrix(4, 2);
    rows.words.fill(3);
    const rates = {
      linear: [0.4, 0.325, 0.25, 0.175],
      exponential: [0.4, 0.4 / 2 ** 0.5, 0.2, 0.2 / 2 ** 0.5],
    };
    for (const rateSchedule of ["linear", "exponential"] as const) {
      const found = await train(
        {
          estimator: "exact",
          epochs: 2,
          batchSize: 2,
          initialDeviation: 0,
          learningRate: 0.4,
          finalLearningRate: 0.1,
          rateSchedule,
        },
        { rows, hidden: 1 },
      );
      const expected = rates[rateSchedule].reduce((c, rate) => c + rate * (1 - Math.tanh(c)), 0);
      expect(found.visibleBias[1]).toBeCloseTo(expected, 6);
    }
  });

  it("with bias: false keeps the biases at zero and so the symmetry v → −v", async () => {
    for (const kernels of implementations) {
      for (const estimator of ["cd", "exact"] as const) {
        for (const optimizer of ["sgd", "adam"] as const) {
          for (const centered of [false, true]) {
            const options = { bias: false, epochs: 5, optimizer, estimator, centered };
            const found = await train(options, { kernels });
            expect([...found.visibleBias, ...found.hiddenBias].every((b) => b === 0)).toBe(true);
            expect(found.weights.some((w) => w !== 0)).toBe(true);
          }
        }
      }
    }
  });

  it("tells its observer of every update and epoch, in order", async () => {
    const told: string[] = [];
    let last: Buffer[] = [];
    const observer: TrainingObserver = {
      onUpdate: ({ layer, epoch, update, updates }) => {
        told.push(`${layer}/${epoch}/${update}/${updates}`);
      },
      onEpoch: ({ epoch, reconstructionError, parameters, modelSamples }) => {
        told.push(`epoch ${epoch}`);
        expect(reconstructionError).toBeGreaterThan(0);
        expect(modelSamples).toBeNull();
        last = bytes(parameters);
      },
    };
    const found = await train({ epochs: 2 }, { observer });
    expect(told).toEqual(["1/1/1/4", "1/1/2/4", "epoch 1", "1/2/3/4", "1/2/4/4", "epoch 2"]);
    expect(last).toEqual(bytes(found));
  });

  it("does not depend on whether anybody watches", async () => {
    const observer: TrainingObserver = {
      onUpdate: () => Promise.resolve(),
      onEpoch: () => Promise.resolve(),
    };
    expect(bytes(await train({ epochs: 2 }, { observer }))).toEqual(bytes(await train({ epochs: 2 })));
  });

  it("refuses to train on nothing", async () => {
    await expect(train({}, { rows: bitMatrix(0, 5) })).rejects.toThrow(DataError);
  });
});

describe("training on two threads", () => {
  it("gives the same bytes as on one, and really uses two", async () => {
    const rows = bitMatrix(400, 200);
    const stream = new RandomStream(seedKey("threads"));
    for (let row = 0; row < 400; row++) {
      for (let i = 0; i < 200; i++) setBit(rows, row, i, stream.nextInteger(3) === 0 ? 1 : 0);
    }
    const [one, two] = [openKernels("wasm", 1), openKernels("wasm", 2)];
    expect([one.threads, two.threads]).toEqual([1, 2]);
    const [online, helpers] = [[] as Promise<unknown>[], new Set<Worker>()];
    const onWorker = (worker: Worker): void => {
      helpers.add(worker);
      online.push(once(worker, "online"));
    };
    process.on("worker", onWorker);
    const plain = { epochs: 3, batchSize: 200, momentum: 0.5, learningRate: 0.05, initialDeviation: 0.05 };
    const setting = { rows, hidden: 150 };
    await train({ ...plain, epochs: 1 }, { ...setting, kernels: one });
    await sleep(1);
    expect(helpers.size).toBe(0);
    await train({ ...plain, epochs: 1 }, { ...setting, kernels: two });
    await sleep(1);
    process.off("worker", onWorker);
    expect(helpers.size).toBe(1);
    await Promise.all(online);
    await sleep(300); // the helper loads its module and reports for work
    const variants: Partial<TrainingOptions>[] = [
      { penalty: { l1: 1e-3, l1Form: "soft-threshold", l2: 0 } },
      { units: "binary", penalty: { l1: 1e-3, l1Form: "subgradient", l2: 1e-3 } },
      { estimator: "pcd", chains: 170, steps: 2 },
      { centered: true, optimizer: "adam", learningRate: 0.002 },
    ];
    for (const variant of variants) {
      const [alone, shared] = [
        await train({ ...plain, ...variant }, { ...setting, kernels: one }),
        await train({ ...plain, ...variant }, { ...setting, kernels: two }),
      ];
      expect(alone.weights.every((w) => Number.isFinite(w))).toBe(true);
      for (const [index, array] of bytes(shared).entries()) {
        expect(array.equals(bytes(alone)[index]), JSON.stringify(variant)).toBe(true);
      }
    }
    one.close();
    two.close();
    await Promise.all([...helpers].map((helper) => once(helper, "exit")));
  });
});

describe("training that diverges", () => {
  it("is noticed within 50 updates, long before the epoch ends", async () => {
    const rows = bitMatrix(2000, 5);
    drawStates(randomDistribution(5, "long"), rows, seedKey("long"));
    let updates = 0;
    const observer: TrainingObserver = { onUpdate: ({ update }) => void (updates = update) };
    await expect(train({ batchSize: 2, learningRate: 1e6 }, { rows, observer })).rejects.toThrow(
      DivergenceError,
    );
    expect(updates).toBeLessThanOrEqual(50);
  });
});

describe.each(implementations)("the centred gradient by the $name kernels", (own) => {
  it("takes μ from all rows, not from the batch, and ν = ⟨h⟩ at v = μ from the current parameters, biases or not", async () => {
    for (const [units, bias] of unitTypes.flatMap((type) =>
      [true, false].map((flag) => [type, flag] as const),
    )) {
      const { kernels, batches } = recordingKernels(own);
      const options = { units, bias, estimator: "exact", epochs: 3, learningRate: 0.3 } as const;
      const start = await train({ ...options, epochs: 1, learningRate: 1e-30 });
      const found = await train({ ...options, centered: true }, { kernels });
      const mu = jointAverages(start, empirical(states(distinctRows()))).slice(15, 20);
      const expected = follow(start, batches, (rbm, batch) => {
        const inputs = (j: number): number =>
          mu.reduce((x, m, i) => x + m * rbm.weights[3 * i + j], rbm.hiddenBias[j]);
        const nu = [0, 1, 2].map((j) =>
          units === "spin" ? Math.tanh(inputs(j)) : 1 / (1 + Math.exp(-inputs(j))),
        );
        const model = jointAverages(rbm, enumerateJoint(rbm).visible);
        const plain = jointAverages(rbm, empirical(batch)).map((x, k) => x - model[k]);
        // ⟨(v − μ)(h − ν)⟩_P − ⟨(v − μ)(h − ν)⟩_λ, and what it does to the biases of the plain form
        const weights = mu.flatMap((m, i) =>
          nu.map((n, j) => plain[3 * i + j] - m * plain[20 + j] - plain[15 + i] * n),
        );
        const visible = mu.map(
          (_, i) => plain[15 + i] - nu.reduce((sum, n, j) => sum + weights[3 * i + j] * n, 0),
        );
        const hidden = nu.map(
          (_, j) => plain[20 + j] - mu.reduce((sum, m, i) => sum + weights[3 * i + j] * m, 0),
        );
        const biases = [...visible, ...hidden].map((x) => (bias ? x : 0));
        return [...weights, ...biases].map((x) => 0.3 * x);
      });
      expect(largestDifference(flat(found), flat(expected))).toBeLessThan(1e-6);
    }
  });
});

describe("the centred gradient", () => {
  it("differs from the plain one on the way, not at the end", async () => {
    const target = boltzmannDistribution(isingModel(chain(5), 0.5, 0.3));
    const options = { estimator: "exact", batchSize: 17, learningRate: 0.2, momentum: 0.5 } as const;
    const [plain, centered] = await Promise.all(
      [false, true].map((flag) => train({ ...options, epochs: 3, centered: flag }, { target })),
    );
    expect(largestDifference(flat(plain), flat(centered))).toBeGreaterThan(1e-3);
    const kls = await Promise.all(
      [false, true].map(async (flag) => {
        const found = await train({ ...options, epochs: 4000, centered: flag }, { target, hidden: 5 });
        return exactKl(found, target);
      }),
    );
    for (const kl of kls) expect(kl).toBeLessThan(1e-3);
  });
});
