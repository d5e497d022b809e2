import { type BitMatrix, type Kernels, referenceKernels } from "../../src/kernels/index.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";

/** Options of a short plain training run, with some of them changed. */
export function trainingOptions(changes: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    units: "spin",
    objective: "kl",
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

/**
 * The reference kernels, which also record the states of every batch of visible rows whose statistics are taken. With the
 * exact estimator those are the data batches, in the order of their use.
 */
export function recordingKernels(): { readonly kernels: Kernels; readonly batches: number[][] } {
  const batches: number[][] = [];
  const { rbm } = referenceKernels;
  const addCorrelations: typeof rbm.addCorrelations = (units, visible, ...rest) => {
    batches.push(states(visible));
    rbm.addCorrelations(units, visible, ...rest);
  };
  return { kernels: { ...referenceKernels, rbm: { ...rbm, addCorrelations } }, batches };
}

/** Each row (of at most 32 columns) as a number. */
export function states(rows: BitMatrix): number[] {
  return Array.from(rows.words);
}
