import type { Penalty } from "../../rbm/optimizers/index.js";
import type { TrainingOptions } from "../../rbm/training-options.js";
import { resolveConfig } from "./resolve.js";

/** What may be said of the training of a layer; all the rest has the defaults of the command line. */
export type TrainingSettings = Partial<Omit<TrainingOptions, "penalty" | "centered"> & Penalty> & {
  /** Use the centred gradient; `auto`, the default, does so for objective kl with biases. */
  readonly centered?: boolean | "auto";
};

/**
 * Complete, checked options of training: spin units with biases, objective kl by cd with one step, 20 epochs in batches of 100,
 * sgd at rate 0.01 with momentum 0.5, no penalty, and what the settings change in that. ConfigError, which lists all that is
 * wrong at once.
 *
 * @param settings what differs from the defaults
 */
export function trainingOptions(settings: TrainingSettings = {}): TrainingOptions {
  const { units, bias, initialDeviation, ...train } = settings;
  const model = { hidden: [1], units, bias, initialDeviation };
  // Any data would do: what an objective needs of them is asked for when training begins.
  const sample = { lattice: "2x2", coupling: 0 };
  return resolveConfig({ sample, model, train }, "the training options").training;
}
