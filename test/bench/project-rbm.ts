import type { BitMatrix, Kernels, UnitType } from "../../src/kernels/index.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import type { Contender } from "./contest.js";
import { PacedTraining } from "./paced-training.js";
import type { Program } from "./program.js";
import type { Shape } from "./shape.js";

/** What tells one training contender from another. */
export interface TrainingVariant {
  readonly subject: string;
  readonly units: UnitType;
  readonly bias: boolean;
  /** The centred gradient, which no peer takes. */
  readonly centered?: boolean;
  readonly threads: number;
  /** Rows of data, an epoch's worth of batches: each epoch also shuffles them. */
  readonly samples: number;
  readonly updates: number;
}

/** CD-1 as the peers do it: plain SGD with momentum ½, no penalty. */
function trainingOptions(
  { units, bias, centered = false }: TrainingVariant,
  batchSize: number,
): TrainingOptions {
  return {
    units,
    bias,
    centered,
    objective: "kl",
    gauge: "literal",
    mu: 1,
    estimator: "cd",
    steps: 1,
    chains: batchSize,
    epochs: 1_000_000,
    batchSize,
    optimizer: "sgd",
    learningRate: 0.01,
    finalLearningRate: 0.01,
    rateSchedule: "constant",
    momentum: 0.5,
    secondMomentDecay: 0.999,
    penalty: { l1: 0, l1Form: "soft-threshold", l2: 0 },
    initialDeviation: 0.01,
    maxWeight: 1000,
  };
}

/** Rows of independent fair bits. */
function randomRows(program: Program, rows: number, columns: number): BitMatrix {
  const stream = new program.RandomStream(program.seedKey("bench rows"));
  const matrix = program.bitMatrix(rows, columns);
  const spare = (32 - (columns & 31)) & 31;
  for (let word = 0; word < matrix.words.length; word++) {
    const last = (word + 1) % matrix.wordsPerRow === 0;
    matrix.words[word] = last ? stream.nextWord() >>> spare : stream.nextWord();
  }
  return matrix;
}

/** `trainLayer` on random rows; milliseconds an update, with all that belongs to one but no report of the epoch. */
export async function trainingContender(
  program: Program,
  size: Shape,
  variant: TrainingVariant,
): Promise<Contender> {
  const kernels = program.openKernels("auto", variant.threads);
  const data = { rows: randomRows(program, variant.samples, size.visible), target: null };
  const options = trainingOptions(variant, size.rows);
  const key = program.seedKey("bench training");
  const training = await PacedTraining.start((observer) =>
    program.trainLayer(data, size.hidden, options, 1, key, kernels, observer),
  );
  return {
    subject: variant.subject,
    role: "project",
    round: async () => (await training.run(variant.updates)) / variant.updates,
    close: async () => {
      await training.close();
      kernels.close();
    },
  };
}

/** Block-Gibbs sweeps v → h → v' of independent chains, binary units with biases; milliseconds a sweep. */
export function gibbsContender(program: Program, size: Shape, threads: number, sweeps: number): Contender {
  const kernels: Kernels = program.openKernels("auto", threads);
  const arena = kernels.arena();
  const layer = program.zeroRbm("binary", size.visible, size.hidden, (length) => arena.float32(length));
  program.initializeWeights(layer, 0.01, program.seedKey("bench weights"));
  const buffers = new program.LayerBuffers(layer, kernels, arena, size.rows);
  const state = buffers.visible(size.rows);
  state.words.set(randomRows(program, size.rows, size.visible).words);
  const key = program.seedKey("bench chains");
  let round = 0;
  return {
    subject: "project",
    role: "project",
    round: () => {
      const start = performance.now();
      buffers.gibbs(state, sweeps, program.deriveKey(key, "gibbsChain", round++));
      return Promise.resolve((performance.now() - start) / sweeps);
    },
    close: () => {
      arena.release();
      kernels.close();
      return Promise.resolve();
    },
  };
}
