import { boltzmannDistribution, exactReference } from "../../src/ising/exact/index.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import type { BitMatrix } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { assess, assessmentTarget } from "../../src/rbm/assessment.js";
import { trainLayer } from "../../src/rbm/trainer.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import { kernels } from "./kernels.js";

/** The 4×4 torus of Torlai & Melko at T = 2.269185 with 16 hidden units; their own machine has KL = 0.0068 nats. */
export const model = isingModel(torus(4, 4), 1 / 2.269185);
export const distribution = boltzmannDistribution(model);
const logPartition = exactReference(model).logPartition ?? NaN;

export const common: TrainingOptions = {
  units: "spin",
  objective: "kl",
  gauge: "literal",
  mu: 1,
  estimator: "exact",
  steps: 1,
  chains: 1000,
  epochs: 1,
  batchSize: 500,
  optimizer: "adam",
  learningRate: 0.05,
  finalLearningRate: 0.005,
  rateSchedule: "exponential",
  momentum: 0.9,
  secondMomentDecay: 0.98,
  penalty: { l1: 0, l1Form: "soft-threshold", l2: 0 },
  bias: false,
  centered: false,
  initialDeviation: 0.3,
  maxWeight: 100,
};

/** KL(P‖P_λ) in nats after training, by enumeration, and P(m > 0) of the model, which shows a lost mode. */
export async function train(
  rows: BitMatrix,
  target: Float64Array | null,
  options: TrainingOptions,
  seed: string,
): Promise<{ kl: number; positiveFraction: number }> {
  const layer = await trainLayer({ rows, target }, 16, options, 1, seedKey(seed), kernels);
  const target16 = assessmentTarget(model, logPartition, distribution, rows);
  const { klPerSpin, positiveFraction } = assess(layer, target16, null, kernels);
  return { kl: (klPerSpin ?? NaN) * 16, positiveFraction: positiveFraction ?? NaN };
}
