import { writeFileAtomic } from "../io/index.js";
import { boltzmannDistribution } from "../ising/exact/index.js";
import { seedKey } from "../random/index.js";
import { assess, type AssessmentTarget, assessmentTarget, isingAssessmentTarget } from "../rbm/assessment.js";
import { MAX_EXACT_UNITS } from "../rbm/estimators/index.js";
import type { EpochResult } from "../rbm/trainer.js";
import { objectives } from "../rbm/objectives/index.js";
import type { LayerState, StateArrays } from "../rbm/layer-state.js";
import type { LogPartitionEstimate } from "../rbm/log-partition/estimate.js";
import { type StackResume, trainStack } from "../rbm/stack.js";
import {
  CheckpointWriter,
  type Dataset,
  type ExperimentConfig,
  layerHash,
  metricsCsv,
  type MetricsRow,
  restoreCheckpoint,
  runLayout,
  snakeCase,
  writeLayer,
} from "../runs/index.js";
import { CheckpointSchedule } from "./checkpoint-schedule.js";
import { interruption, type LockedEnvironment } from "./environment.js";
import type { UsableCheckpoint } from "./find-checkpoint.js";
import { targetLogPartition, trainingTarget } from "./training-target.js";

/** What is to be trained, and where it is written. */
export interface TrainingJob {
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
  readonly run: string;
  readonly identity: string;
  readonly environment: LockedEnvironment;
}

/**
 * Train the stack, from the beginning or from a checkpoint. Each epoch's metrics and each finished layer are on disk before
 * the next one starts; checkpoints are written as often as the environment says, after every layer, and when the
 * environment asks for the end, which is then an InterruptedRun.
 */
export async function trainRun(job: TrainingJob, from: UsableCheckpoint | null): Promise<void> {
  const { config, dataset, run, environment } = job;
  const { progress, kernels } = environment;
  const { epochs } = config.training;
  const logPartition = await targetLogPartition(config, dataset, run, environment);
  const assessEpoch = epochAssessor(job, logPartition);
  const exactPhase = usesExactDataPhase(config, dataset);
  const data = {
    rows: dataset.rows,
    target: exactPhase && dataset.model !== null ? boltzmannDistribution(dataset.model) : null,
    model: trainingTarget(dataset, logPartition),
  };
  const journal = new TrainingJournal(job, from);
  const schedule = new CheckpointSchedule(environment.checkpointEvery, epochs, environment.seconds);
  let current = 0;
  await trainStack(
    data,
    config.hidden,
    config.training,
    seedKey(config.seed),
    kernels,
    {
      async onUpdate(state) {
        const { layer, epoch, update, updates } = state;
        if (layer !== current) {
          current = layer;
          progress.start(`training layer ${layer} of ${config.hidden.length}`, updates, update - 1);
        }
        await progress.update(update, `epoch ${epoch}/${epochs}`);
        const stop = environment.stopRequested();
        if (stop === null && !schedule.isDue(state)) return;
        journal.checkpoint(epoch, state.capture());
        schedule.written();
        if (stop !== null) throw interruption(stop, run, `in layer ${layer}, epoch ${epoch} of ${epochs}`);
      },
      onEpoch(result) {
        journal.addMetrics(assessEpoch(result));
      },
      onLayer(layer, parameters) {
        progress.finish();
        environment.requireLock();
        writeLayer(run, layer, parameters, layer === 1 ? (dataset.lattice?.shape ?? null) : null);
        journal.layerFinished(layer);
        schedule.written();
      },
    },
    from === null ? undefined : resumeOf(from),
  );
}

/** Makes the metrics of one epoch after another, and tells of what is to be doubted in them. */
function epochAssessor(
  { config, dataset, environment }: TrainingJob,
  logPartition: LogPartitionEstimate | null,
): (result: EpochResult) => MetricsRow {
  const { progress, kernels } = environment;
  const { training } = config;
  const target = assessmentTargetOf(dataset, logPartition);
  const { needs } = objectives[training.objective](training);
  const common = {
    biases: training.bias,
    mismatch: needs.hamiltonian,
    ...(training.estimator === "exact" ? { enumerable: true } : {}),
  };
  const lost = new Set<number>();
  return ({ layer, epoch, reconstructionError, parameters, ...result }) => {
    const { rows, modelSamples, modelFamilies, logPartition: own, followedDoubt } = result;
    const first = layer === 1;
    const assessment = assess(parameters, first ? target : null, modelSamples, kernels, {
      ...common,
      ...(first ? { chains: dataset.chains ?? null } : {}),
      rows,
      logPartition: own,
      modelFamilies,
    });
    if (followedDoubt !== null && !lost.has(layer)) {
      lost.add(layer);
      progress.note(
        `warning: layer ${layer}, epoch ${epoch}: the ln Z_λ that was followed is doubtful: ${followedDoubt}. ` +
          "Later epochs are not told of; a smaller learning rate helps.",
      );
    }
    const doubt = own?.doubt ?? null;
    if (epoch === training.epochs && doubt !== null) {
      progress.note(`layer ${layer}: ln Z_λ is doubtful: ${doubt}.`);
    }
    return { ...assessment, layer, epoch, reconstructionError };
  };
}

function resumeOf({ stored, layers }: UsableCheckpoint): StackResume {
  const { update } = stored.header;
  const restore = (arrays: StateArrays): void => {
    restoreCheckpoint(stored, arrays);
  };
  return { finished: layers, layer: update === 0 ? null : { update, restore } };
}

/** What has become of a training so far, on disk: metrics.csv and checkpoints. */
class TrainingJournal {
  readonly #metrics: MetricsRow[];
  readonly #finished: string[];
  readonly #writer: CheckpointWriter;

  constructor(
    private readonly job: TrainingJob,
    from: UsableCheckpoint | null,
  ) {
    this.#metrics = [...(from?.metrics ?? [])];
    this.#finished = [...(from?.stored.header.finished ?? [])];
    this.#writer = new CheckpointWriter(job.run, from?.stored ?? null);
    if (this.#metrics.length > 0) this.#writeMetrics();
  }

  addMetrics(row: MetricsRow): void {
    this.#metrics.push(row);
    this.#writeMetrics();
    const { run, config, environment } = this.job;
    const { layer, epoch, ...metrics } = row;
    environment.events?.({
      event: "epoch",
      run,
      layer,
      layers: config.hidden.length,
      epoch,
      epochs: config.training.epochs,
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [snakeCase(name), value])),
    });
  }

  layerFinished(layer: number): void {
    this.#finished.push(layerHash(this.job.run, layer));
    this.checkpoint(0, { update: 0, arrays: {} });
  }

  checkpoint(epoch: number, { update, arrays }: LayerState): void {
    const { run, identity, dataset, environment } = this.job;
    environment.requireLock();
    const metrics = this.#metrics.length === 0 ? "" : metricsCsv(this.#metrics);
    const state = { finished: this.#finished, epoch, update, metrics };
    const origin = { identity, dataset: dataset.sha256, kernels: environment.kernels.name };
    this.#writer.write({ ...origin, ...state }, arrays);
    const finished = this.#finished.length;
    environment.events?.({ event: "checkpoint", run, finished_layers: finished, epoch, update });
  }

  #writeMetrics(): void {
    this.job.environment.requireLock();
    writeFileAtomic(runLayout.metrics(this.job.run), metricsCsv(this.#metrics));
  }
}

function assessmentTargetOf(
  { model, rows }: Dataset,
  logPartition: LogPartitionEstimate | null,
): AssessmentTarget | null {
  if (model !== null) return isingAssessmentTarget(model, rows, logPartition);
  if (logPartition === null) return null;
  return assessmentTarget(null, logPartition.value, null, rows, logPartition.error);
}

/** `auto` takes the exact data phase where both phases can be exact: estimator exact on an enumerable Ising model. */
function usesExactDataPhase({ dataPhase, training }: ExperimentConfig, { model }: Dataset): boolean {
  if (dataPhase !== "auto") return dataPhase === "exact";
  return training.estimator === "exact" && model !== null && model.lattice.sites <= MAX_EXACT_UNITS;
}
