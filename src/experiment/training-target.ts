import { ConfigError } from "../errors/index.js";
import { exactReference } from "../ising/exact/index.js";
import { isingLogPartition } from "../ising/free-energy.js";
import { defaultIntegration } from "../ising/thermodynamic-integration.js";
import { deriveKey, seedKey } from "../random/index.js";
import { isAssessed } from "../rbm/assessment-effort.js";
import { doubtGiven } from "../rbm/given-log-partition.js";
import { objectives, unmetNeeds } from "../rbm/objectives/index.js";
import type { LogPartitionEstimate } from "../rbm/log-partition/estimate.js";
import { isingTarget, type TargetModel } from "../rbm/target-model.js";
import { writtenMeasuredValue } from "../runs/config/measured-value.js";
import { type Dataset, type ExperimentConfig, isFileSource } from "../runs/index.js";
import { withError } from "../statistics/number-text.js";
import { type Environment, requireGoingOn } from "./environment.js";

/**
 * ln Z of the distribution behind the configurations: what the user says, with a warning if that cannot be; else what is
 * exactly known; else, if the objective or the metrics need it, an integral over samples of the Ising model. Null if it is
 * not known.
 */
export async function targetLogPartition(
  config: ExperimentConfig,
  { model, rows }: Dataset,
  run: string,
  environment: Environment,
): Promise<LogPartitionEstimate | null> {
  const { data, training, seed } = config;
  const { progress, kernels } = environment;
  const layer = { visible: rows.columns, hidden: config.hidden[0] };
  if (isFileSource(data) && data.logPartition !== null) {
    const given = data.logPartition;
    const doubt = doubtGiven({ ...given, ...layer, model, maxWeight: training.maxWeight });
    if (doubt !== null)
      progress.note(`warning: ln Z = ${writtenMeasuredValue(given)} is given, but ${doubt}.`);
    return { ...given, doubt };
  }
  if (model === null) return null;
  const exact = exactReference(model).logPartition;
  if (exact !== undefined) return { value: exact, error: 0, doubt: null };
  const { needs } = objectives[training.objective](training);
  if (!needs.freeEnergy && !isAssessed(training.estimateLogPartition ?? "auto", layer)) return null;
  progress.start("integrating the free energy of the data", 1);
  const key = deriveKey(seedKey(seed), "logPartition");
  const estimate = await isingLogPartition(model, key, kernels, defaultIntegration, async (done, total) => {
    await progress.update(done / total, `${done} of ${total} couplings`);
    requireGoingOn(environment, run, "before training, while integrating the free energy of the data");
  });
  progress.finish();
  const { value, error, doubt, method } = estimate;
  progress.note(`ln Z of the data: ${withError(value, error)} nats (${method}).`);
  if (doubt !== null) progress.note(`warning: ln Z of the data is doubtful: ${doubt}.`);
  return { value, error, doubt };
}

/** What the objective may know of the distribution behind the configurations. */
export function trainingTarget({ model }: Dataset, logPartition: LogPartitionEstimate | null): TargetModel {
  return model === null ? { hamiltonianOf: null, logPartition } : isingTarget(model, logPartition);
}

/** Throw a ConfigError if the objective needs what is not known of the configurations of a file. */
export function requireObjectiveData(config: ExperimentConfig, { model }: Dataset): void {
  const given = isFileSource(config.data) && config.data.logPartition !== null;
  const unmet = unmetNeeds(config.training, {
    hamiltonian: model !== null,
    freeEnergy: given || model !== null,
  });
  if (unmet.length === 0) return;
  const paths = {
    estimator: "train.estimator",
    freeEnergy: "data.log_partition",
    hamiltonian: "train.objective",
  };
  throw new ConfigError(unmet.map(({ kind, message }) => ({ path: paths[kind], message })));
}
