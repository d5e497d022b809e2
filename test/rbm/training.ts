import {
  type BitMatrix,
  bitMatrix,
  type CorrelationTerm,
  type Kernels,
  openKernels,
  type RbmKernels,
  referenceKernels,
  setBit,
} from "../../src/kernels/index.js";
import { deriveKey, fillStandardNormal, RandomStream, seedKey } from "../../src/random/index.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";

/** Options of a short plain training run, with some of them changed. */
export function trainingOptions(changes: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    units: "spin",
    objective: "kl",
    gauge: "literal",
    mu: 1,
    estimator: "cd",
    steps: 1,
    chains: 10,
    epochs: 1,
    batchSize: 10,
    optimizer: "sgd",
    learningRate: 0.1,
    finalLearningRate: 0.1,
    rateSchedule: "constant",
    momentum: 0,
    secondMomentDecay: 0.999,
    penalty: { l1: 0, l1Form: "soft-threshold", l2: 0 },
    bias: true,
    centered: false,
    initialDeviation: 0.1,
    maxWeight: 100,
    ...changes,
  };
}

/** The kernels that everything must work with: the oracle, and WebAssembly on one thread. */
export const implementations: readonly Kernels[] = [referenceKernels, openKernels("wasm", 1)];

/** A term of random states and standard normal means, in the memory of the kernels. */
export function randomTerm(
  kernels: Kernels,
  rows: number,
  columns: number,
  hidden: number,
  scale: number,
  seed: string,
): CorrelationTerm {
  const arena = kernels.arena();
  const visible = bitMatrix(rows, columns, (length) => arena.words(length));
  const stream = new RandomStream(seedKey(seed));
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) setBit(visible, row, i, stream.nextInteger(2) as 0 | 1);
  }
  const hiddenMeans = arena.float32(rows * hidden);
  fillStandardNormal(deriveKey(seedKey(seed), "analysis"), hiddenMeans);
  return { visible, hiddenMeans, scale };
}

/** Kernels that record what training gives them. */
export interface Recording {
  readonly kernels: Kernels;
  /**
   * The states of every batch of visible rows whose correlations are multiplied out. With the exact estimator those are
   * the data batches, in the order of their use.
   */
  readonly batches: number[][];
  /** The states of the visible rows of all terms of every descent step. */
  readonly descents: number[][][];
}

/** `base`, and a record of its use. */
export function recordingKernels(base: Kernels = referenceKernels): Recording {
  const batches: number[][] = [];
  const descents: number[][][] = [];
  const rbm: RbmKernels = {
    hiddenGivenVisible: (...given) => {
      base.rbm.hiddenGivenVisible(...given);
    },
    visibleGivenHidden: (...given) => {
      base.rbm.visibleGivenHidden(...given);
    },
    hiddenInputsOfReals: (...given) => {
      base.rbm.hiddenInputsOfReals(...given);
    },
    addMeans: (...given) => {
      base.rbm.addMeans(...given);
    },
    addCorrelations: (units, terms, ...rest) => {
      for (const { visible } of terms) batches.push(states(visible));
      base.rbm.addCorrelations(units, terms, ...rest);
    },
    descend: (units, terms, ...rest) => {
      descents.push(terms.map(({ visible }) => states(visible)));
      base.rbm.descend(units, terms, ...rest);
    },
  };
  return { kernels: { ...base, rbm }, batches, descents };
}

/** Each row (of at most 32 columns) as a number. */
export function states(rows: BitMatrix): number[] {
  return Array.from(rows.words);
}
