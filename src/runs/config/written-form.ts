import type { AssessmentChoice } from "../../rbm/assessment-effort.js";
import { type ExperimentConfig, isFileSource } from "./experiment-config.js";
import { writtenMeasuredValue } from "./measured-value.js";

/**
 * The configuration as it is saved and printed: the sections of a user's file, snake_case keys, every value explicit.
 * Reading it back gives the same experiment.
 */
export function writtenForm(config: ExperimentConfig): Record<string, unknown> {
  const { training: t } = config;
  return {
    name: config.name,
    seed: config.seed,
    ...sourceSection(config),
    model: {
      hidden: config.hidden,
      units: t.units,
      bias: t.bias,
      initial_deviation: t.initialDeviation,
      ...(config.control === undefined ? {} : { control: config.control }),
    },
    train: {
      objective: t.objective,
      ...(t.objective === "free-energy" ? { gauge: t.gauge } : {}),
      ...(t.objective === "hybrid" ? { mu: t.mu } : {}),
      estimator: t.estimator,
      steps: t.steps,
      chains: t.chains,
      data_phase: config.dataPhase,
      epochs: t.epochs,
      ...((t.averagedEpochs ?? 0) === 0 ? {} : { averaged_epochs: t.averagedEpochs }),
      ...writtenChoice(t.estimateLogPartition),
      batch_size: t.batchSize,
      optimizer: t.optimizer,
      learning_rate: t.learningRate,
      rate_schedule: t.rateSchedule,
      ...(t.rateSchedule === "constant" ? {} : { final_learning_rate: t.finalLearningRate }),
      momentum: t.momentum,
      second_moment_decay: t.secondMomentDecay,
      l1: t.penalty.l1,
      l1_form: t.penalty.l1Form,
      l2: t.penalty.l2,
      centered: t.centered,
      max_weight: t.maxWeight,
    },
    ...(config.analyses.length === 0 ? {} : { analyses: config.analyses }),
  };
}

/** Nothing for the default, so that runs of versions without the key stay the runs they are. */
function writtenChoice(choice: AssessmentChoice = "auto"): Record<string, unknown> {
  return choice === "auto" ? {} : { estimate_log_partition: choice };
}

function sourceSection({ data }: ExperimentConfig): Record<string, unknown> {
  if (isFileSource(data)) {
    const { path, lattice, packed, logPartition } = data;
    return {
      data: {
        path,
        ...(lattice === null ? {} : { lattice }),
        ...(packed === undefined ? {} : { packed }),
        ...(logPartition === null ? {} : { log_partition: writtenMeasuredValue(logPartition) }),
      },
    };
  }
  return {
    sample: {
      lattice: data.lattice,
      coupling: data.coupling,
      field: data.field,
      samples: data.samples,
      algorithm: data.algorithm,
      chains: data.chains,
      thermalization: data.thermalization,
      spacing: data.spacing,
      start: data.start,
      ...(data.control === undefined ? {} : { control: data.control }),
    },
  };
}
