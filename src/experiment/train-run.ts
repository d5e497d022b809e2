import { writeFileAtomic } from "../io/index.js";
import { boltzmannDistribution, exactReference } from "../ising/exact/index.js";
import { seedKey } from "../random/index.js";
import { assess, type AssessmentTarget, assessmentTarget, MAX_ASSESSED_UNITS } from "../rbm/assessment.js";
import { MAX_EXACT_UNITS } from "../rbm/estimators/index.js";
import type { LayerState, StateArrays } from "../rbm/layer-state.js";
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
  writeLayer,
} from "../runs/index.js";
import { CheckpointSchedule } from "./checkpoint-schedule.js";
import { type Environment, interruption } from "./environment.js";
import type { UsableCheckpoint } from "./find-checkpoint.js";

/** What is to be trained, and where it is written. */
export interface TrainingJob {
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
  readonly run: string;
  readonly identity: string;
  readonly environment: Environment;
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
  const target = assessmentTargetOf(dataset);
  const exactPhase = usesExactDataPhase(config, dataset);
  const data = {
    rows: dataset.rows,
    target: exactPhase && dataset.model !== null ? boltzmannDistribution(dataset.model) : null,
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
      onEpoch({ layer, epoch, reconstructionError, parameters, modelSamples }) {
        const assessment = assess(parameters, layer === 1 ? target : null, modelSamples, kernels);
        journal.addMetrics({ ...assessment, layer, epoch, reconstructionError });
      },
      onLayer(layer, parameters) {
        progress.finish();
        writeLayer(run, layer, parameters, layer === 1 ? (dataset.lattice?.shape ?? null) : null);
        journal.layerFinished(layer);
        schedule.written();
      },
    },
    from === null ? undefined : resumeOf(from),
  );
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
  }

  layerFinished(layer: number): void {
    this.#finished.push(layerHash(this.job.run, layer));
    this.checkpoint(0, { update: 0, arrays: {} });
  }

  checkpoint(epoch: number, { update, arrays }: LayerState): void {
    const { identity, dataset, environment } = this.job;
    const metrics = this.#metrics.length === 0 ? "" : metricsCsv(this.#metrics);
    const state = { finished: this.#finished, epoch, update, metrics };
    const origin = { identity, dataset: dataset.sha256, kernels: environment.kernels.name };
    this.#writer.write({ ...origin, ...state }, arrays);
  }

  #writeMetrics(): void {
    writeFileAtomic(runLayout.metrics(this.job.run), metricsCsv(this.#metrics));
  }
}

function assessmentTargetOf({ model, rows }: Dataset): AssessmentTarget | null {
  if (model === null) return null;
  const distribution = model.lattice.sites <= MAX_ASSESSED_UNITS ? boltzmannDistribution(model) : null;
  return assessmentTarget(model, exactReference(model).logPartition ?? null, distribution, rows);
}

/** `auto` takes the exact data phase where both phases can be exact: estimator exact on an enumerable Ising model. */
function usesExactDataPhase({ dataPhase, training }: ExperimentConfig, { model }: Dataset): boolean {
  if (dataPhase !== "auto") return dataPhase === "exact";
  return training.estimator === "exact" && model !== null && model.lattice.sites <= MAX_EXACT_UNITS;
}
