import { resolve } from "node:path";
import { stringify } from "yaml";
import { writeFileAtomic } from "../io/index.js";
import { boltzmannDistribution, exactReference } from "../ising/exact/index.js";
import { assess, type AssessmentTarget, assessmentTarget, MAX_ASSESSED_UNITS } from "../rbm/assessment.js";
import { MAX_EXACT_UNITS } from "../rbm/estimators/index.js";
import { trainStack } from "../rbm/stack.js";
import { seedKey } from "../random/index.js";
import { type RunReport, writeReport } from "../report/write-report.js";
import {
  type Dataset,
  type ExperimentConfig,
  hashOutputs,
  isFileSource,
  metricsCsv,
  type MetricsRow,
  runIdentity,
  runLayout,
  type RunManifest,
  VERSION,
  writeLayer,
  writeManifest,
  writtenForm,
} from "../runs/index.js";
import type { Environment } from "./environment.js";
import { makeDataset } from "./make-dataset.js";
import { dataSize, requireKernelMemory } from "./memory-estimate.js";
import { clearRunFolder, prepareRun } from "./prepare-run.js";

/** What became of a run. */
export type RunOutcome =
  | { readonly kind: "already-finished"; readonly run: string }
  | { readonly kind: "finished"; readonly run: string; readonly report: RunReport };

/**
 * One experiment: configurations → training → report, in the folder `run`. A finished run with the same configuration
 * is left as it is. Everything that can be wrong with the input is found before anything is created; each file appears
 * complete or not at all, and the manifest says whether the run is running, finished or failed.
 */
export async function runExperiment(
  config: ExperimentConfig,
  run: string,
  environment: Environment,
  options: { readonly force: boolean },
): Promise<RunOutcome> {
  const { external, finished } = prepareRun(config, run, options);
  if (finished !== null) return { kind: "already-finished", run };
  requireKernelMemory(config, dataSize(config, external), environment.kernels);
  clearRunFolder(run);
  const record = new RunRecord(run, config, external?.sha256 ?? null, environment);
  try {
    const dataset = external ?? (await record.time("sampling", () => sampleInline(config, run, environment)));
    record.setDataset(config, dataset);
    await record.time("training", () => train(config, dataset, run, environment));
    const report = await record.time("report", () => writeReport(run, environment.kernels));
    record.finish("finished", null);
    return { kind: "finished", run, report };
  } catch (error) {
    record.finish("failed", error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function sampleInline(
  config: ExperimentConfig,
  run: string,
  environment: Environment,
): Promise<Dataset> {
  if (isFileSource(config.data)) throw new TypeError("sampleInline needs a sample source");
  const made = await makeDataset(config.data, config.seed, runLayout.dataset(run), environment, {
    replace: true,
  });
  return made.dataset;
}

/** Train the stack; each epoch's metrics and each finished layer are on disk before the next one starts. */
async function train(
  config: ExperimentConfig,
  dataset: Dataset,
  run: string,
  environment: Environment,
): Promise<void> {
  const { progress, kernels } = environment;
  const target = assessmentTargetOf(dataset);
  const exactPhase = usesExactDataPhase(config, dataset);
  const metrics: MetricsRow[] = [];
  const data = {
    rows: dataset.rows,
    target: exactPhase && dataset.model !== null ? boltzmannDistribution(dataset.model) : null,
  };
  let current = 0;
  await trainStack(data, config.hidden, config.training, seedKey(config.seed), kernels, {
    onUpdate({ layer, epoch, update, updates }) {
      if (layer !== current) {
        current = layer;
        progress.start(`training layer ${layer} of ${config.hidden.length}`, updates);
      }
      return progress.update(update, `epoch ${epoch}/${config.training.epochs}`);
    },
    onEpoch({ layer, epoch, reconstructionError, parameters, modelSamples }) {
      const assessment = assess(parameters, layer === 1 ? target : null, modelSamples, kernels);
      metrics.push({ ...assessment, layer, epoch, reconstructionError });
      writeFileAtomic(runLayout.metrics(run), metricsCsv(metrics));
    },
    onLayer(layer, parameters) {
      progress.finish();
      writeLayer(run, layer, parameters, layer === 1 ? (dataset.lattice?.shape ?? null) : null);
    },
  });
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

/** Keeps the manifest of a run in step with what happens to it. */
class RunRecord {
  #manifest: RunManifest;

  constructor(
    private readonly run: string,
    config: ExperimentConfig,
    dataSha256: string | null,
    private readonly environment: Environment,
  ) {
    this.#manifest = {
      kind: "run",
      program: "rbm-rg",
      version: VERSION,
      status: "running",
      identity: runIdentity(config, dataSha256),
      config: writtenForm(config),
      dataset: null,
      kernels: environment.kernels.name,
      started: environment.timestamp(),
      finished: null,
      timings: [],
      peak_memory_bytes: null,
      error: null,
      files: {},
    };
    writeFileAtomic(runLayout.config(run), stringify(writtenForm(config)));
    writeManifest(run, this.#manifest);
  }

  setDataset(config: ExperimentConfig, { sha256, lattice }: Dataset): void {
    const path = isFileSource(config.data) ? resolve(config.data.path) : "data";
    this.#update({ dataset: { path, sha256, lattice: lattice?.shape.join("x") ?? null } });
  }

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const start = this.environment.seconds();
    const result = await work();
    const seconds = Number((this.environment.seconds() - start).toFixed(3));
    this.#update({ timings: [...this.#manifest.timings, { phase, seconds }] });
    return result;
  }

  finish(status: "finished" | "failed", error: string | null): void {
    this.#update({
      status,
      error,
      finished: this.environment.timestamp(),
      peak_memory_bytes: this.environment.peakMemory(),
      files: hashOutputs(this.run),
    });
  }

  #update(change: Partial<RunManifest>): void {
    this.#manifest = { ...this.#manifest, ...change };
    writeManifest(this.run, this.#manifest);
  }
}
