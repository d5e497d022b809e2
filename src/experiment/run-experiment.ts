import { InterruptedRun, OutputError } from "../errors/index.js";
import { createFolder } from "../io/index.js";
import { analyzeRun, runAnalyses } from "../report/analyses/index.js";
import { type RunReport, writeReport } from "../report/write-report.js";
import {
  type AnalysisName,
  type Dataset,
  type ExperimentConfig,
  isFileSource,
  removeCheckpoints,
  runLayout,
  VERSION,
  withRunLock,
} from "../runs/index.js";
import { dataRemarks } from "./data-remarks.js";
import { type Environment, type LockedEnvironment, requireGoingOn } from "./environment.js";
import { makeDataset } from "./make-dataset.js";
import { dataSize, requireKernelMemory } from "./memory-estimate.js";
import { observeRun } from "./observe.js";
import { inspectRunFolder, prepareRun } from "./prepare-run.js";
import { hasRemains, removeRemains } from "./run-folder.js";
import type { RunRecord } from "./run-record.js";
import { beginRun, type RunStart } from "./start-run.js";
import { trainRun } from "./train-run.js";

/** Steps of the progress of an analysis. */
const SHARES = 1000;

/** What became of a run. */
export type RunOutcome =
  | { readonly kind: "already-finished"; readonly run: string }
  | { readonly kind: "finished"; readonly run: string; readonly report: RunReport };

/**
 * One experiment: configurations → training → analyses → report (no training without layers), in the folder `run`,
 * which is locked meanwhile. A finished run with the same configuration is left as it is; an unfinished one goes on
 * from its newest checkpoint, and ends with the same bytes as if it had never stopped. Everything that can be wrong
 * with the input is found before anything is created; each file appears complete or not at all, and the manifest says
 * whether the run is running, interrupted, finished or failed. The environment's events are told of all that happens.
 * InterruptedRun if the environment asks for the end.
 *
 * @param config the whole experiment, from `resolveConfig`
 * @param run the folder, which need not exist
 * @param environment kernels, clocks and who is told, from `makeEnvironment`
 * @param options what to do with a folder that holds a run
 * @param options.force replace that run, whatever it is; default: false
 */
export async function runExperiment(
  config: ExperimentConfig,
  run: string,
  environment: Environment,
  options: { readonly force: boolean } = { force: false },
): Promise<RunOutcome> {
  return observeRun(
    run,
    environment,
    (observed) => attemptExperiment(config, run, observed, options),
    ({ kind }) => kind,
  );
}

async function attemptExperiment(
  config: ExperimentConfig,
  run: string,
  environment: Environment,
  options: { readonly force: boolean },
): Promise<RunOutcome> {
  const { external, identity, former } = prepareRun(config, run, options);
  if (former?.status === "finished") {
    await tidyFinished(run, environment);
    return { kind: "already-finished", run };
  }
  requireKernelMemory(config, dataSize(config, external), environment.kernels);
  createFolder(run);
  return withRunLock(run, environment.timestamp(), async (requireLock) => {
    // Before the lock was taken, another process may have gone on with the run.
    const found = inspectRunFolder(run, identity, options.force);
    if (found?.status === "finished") return { kind: "already-finished", run };
    const resumed = found !== null;
    environment.events?.({ event: "run-started", run, kind: "run", version: VERSION, resumed });
    const locked = { ...environment, requireLock };
    const start = beginRun(config, run, identity, found, locked);
    return finishRun(config, external, run, identity, start, locked);
  });
}

async function finishRun(
  config: ExperimentConfig,
  external: Dataset | null,
  run: string,
  identity: string,
  start: RunStart,
  environment: LockedEnvironment,
): Promise<RunOutcome> {
  const { record } = start;
  try {
    const dataset =
      external ??
      start.dataset ??
      (await record.time("sampling", () => sampleInline(config, run, environment)));
    record.setDataset(config, dataset);
    if (external !== null) {
      for (const remark of dataRemarks(external.rows)) environment.progress.note(`warning: ${remark}`);
    }
    if (config.hidden.length > 0) {
      const job = { config, dataset, run, identity, environment };
      await record.time("training", () => trainRun(job, start.checkpointFor(dataset)));
    }
    for (const name of config.analyses) await record.time(name, () => analyze(name, run, environment));
    const report = await record.time("report", () => writeFullReport(run, environment));
    record.finish("finished", null);
    // Only now: a run that says it is running and has no checkpoint would start again.
    removeCheckpoints(run);
    return { kind: "finished", run, report };
  } catch (error) {
    recordFailure(record, error);
    throw error;
  }
}

function recordFailure(record: RunRecord, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  try {
    record.finish(error instanceof InterruptedRun ? "interrupted" : "failed", message);
  } catch {
    // A disk that takes no manifest is most likely what the first error says.
  }
}

async function sampleInline(
  config: ExperimentConfig,
  run: string,
  environment: LockedEnvironment,
): Promise<Dataset> {
  if (isFileSource(config.data)) throw new TypeError("sampleInline needs a sample source");
  const made = await makeDataset(config.data, config.seed, runLayout.dataset(run), environment, {
    replace: true,
    checkpoint: runLayout.samplingCheckpoint(run),
    beforeWriting: environment.requireLock,
  });
  return made.dataset;
}

async function analyze(name: AnalysisName, run: string, environment: LockedEnvironment): Promise<void> {
  const { progress, kernels } = environment;
  progress.start(runAnalyses[name].phase, SHARES);
  await analyzeRun(name, run, kernels, async (share) => {
    await progress.update(Math.floor(SHARES * share));
    environment.requireLock();
    requireGoingOn(environment, run, `while ${runAnalyses[name].phase}, after all training`);
  });
  progress.finish();
}

async function writeFullReport(run: string, environment: LockedEnvironment): Promise<RunReport> {
  const { progress, kernels } = environment;
  progress.start("writing the report", 1);
  environment.requireLock();
  const report = await writeReport(run, kernels, async () => {
    await progress.update(0);
    environment.requireLock();
    requireGoingOn(environment, run, "while writing the report, after all training");
  });
  progress.finish();
  return report;
}

/** Remove what a process left behind that was killed after its run was finished. */
async function tidyFinished(run: string, environment: Environment): Promise<void> {
  if (!hasRemains(run)) return;
  try {
    await withRunLock(run, environment.timestamp(), () => {
      removeRemains(run);
      removeCheckpoints(run);
      return Promise.resolve();
    });
  } catch (error) {
    // Another process has the run in hand; it will tidy up itself.
    if (!(error instanceof OutputError)) throw error;
  }
}
