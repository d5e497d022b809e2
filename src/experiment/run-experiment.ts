import { InterruptedRun, OutputError } from "../errors/index.js";
import { createFolder } from "../io/index.js";
import { type RunReport, writeReport } from "../report/write-report.js";
import {
  type Dataset,
  type ExperimentConfig,
  isFileSource,
  removeCheckpoints,
  runLayout,
  withRunLock,
} from "../runs/index.js";
import { type Environment, requireGoingOn } from "./environment.js";
import { makeDataset } from "./make-dataset.js";
import { dataSize, requireKernelMemory } from "./memory-estimate.js";
import { inspectRunFolder, prepareRun } from "./prepare-run.js";
import { hasRemains, removeRemains } from "./run-folder.js";
import type { RunRecord } from "./run-record.js";
import { beginRun, type RunStart } from "./start-run.js";
import { trainRun } from "./train-run.js";

/** What became of a run. */
export type RunOutcome =
  | { readonly kind: "already-finished"; readonly run: string }
  | { readonly kind: "finished"; readonly run: string; readonly report: RunReport };

/**
 * One experiment: configurations → training → report, in the folder `run`, which is locked meanwhile. A finished run with
 * the same configuration is left as it is; an unfinished one goes on from its newest checkpoint, and ends with the same
 * bytes as if it had never stopped. Everything that can be wrong with the input is found before anything is created; each
 * file appears complete or not at all, and the manifest says whether the run is running, interrupted, finished or failed.
 * InterruptedRun if the environment asks for the end.
 */
export async function runExperiment(
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
  return withRunLock(run, environment.timestamp(), async () => {
    // Before the lock was taken, another process may have gone on with the run.
    const found = inspectRunFolder(run, identity, options.force);
    if (found?.status === "finished") return { kind: "already-finished", run };
    const start = beginRun(config, run, identity, found, environment);
    return finishRun(config, external, run, identity, start, environment);
  });
}

async function finishRun(
  config: ExperimentConfig,
  external: Dataset | null,
  run: string,
  identity: string,
  start: RunStart,
  environment: Environment,
): Promise<RunOutcome> {
  const { record } = start;
  try {
    const dataset =
      external ??
      start.dataset ??
      (await record.time("sampling", () => sampleInline(config, run, environment)));
    record.setDataset(config, dataset);
    const job = { config, dataset, run, identity, environment };
    await record.time("training", () => trainRun(job, start.checkpointFor(dataset)));
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
  environment: Environment,
): Promise<Dataset> {
  if (isFileSource(config.data)) throw new TypeError("sampleInline needs a sample source");
  const { progress } = environment;
  const stoppable = {
    ...progress,
    update: async (done: number, detail?: string): Promise<void> => {
      await progress.update(done, detail);
      requireGoingOn(environment, run, "while sampling, which starts again next time");
    },
  };
  const made = await makeDataset(
    config.data,
    config.seed,
    runLayout.dataset(run),
    { ...environment, progress: stoppable },
    { replace: true },
  );
  return made.dataset;
}

async function writeFullReport(run: string, environment: Environment): Promise<RunReport> {
  const { progress, kernels } = environment;
  progress.start("writing the report", 1);
  const report = await writeReport(run, kernels, async () => {
    await progress.update(0);
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
