import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { RbmRgError } from "../errors/index.js";
import { appendText, removeAbandoned, writeFileAtomic } from "../io/index.js";
import { isIntact, verifyFolder } from "../runs/verify.js";
import { type Ending, endingOf, stopCodes } from "./child-end.js";
import { sweepLayout } from "./layout.js";
import { withLock } from "./lock.js";
import { logged } from "./logged.js";
import type { PlannedTask } from "./plan.js";
import { samplingConfig } from "./task-config.js";
import { commandFlags } from "./task-options.js";
import type { TaskSetting } from "./task-setting.js";

/** Whether a shared dataset is there; it appears complete or not at all. */
export function hasDataset(sweep: string, hash: string): boolean {
  return existsSync(manifestOf(sweep, hash));
}

/** What tells one making of a shared dataset from the next; empty if there is none. */
export function datasetState(sweep: string, hash: string): string {
  const status = statSync(manifestOf(sweep, hash), { throwIfNoEntry: false });
  return status === undefined ? "" : `${status.ino} ${status.mtimeMs}`;
}

/**
 * Have the dataset of a task: whoever comes first samples it, under a lock; others, on this machine or another, wait and
 * use it. The dataset is a function of its configuration, so nobody can tell who made it. The folders must exist.
 */
export async function ensureDataset(task: PlannedTask, setting: TaskSetting): Promise<Ending> {
  const { data } = task;
  if (data === null || hasDataset(setting.sweep, data)) return { kind: "done" };
  return whileLocked(data, setting, async () =>
    hasDataset(setting.sweep, data) ? { kind: "done" } : sample(task, data, setting),
  );
}

/** The same for a dataset that a task could not use: every file is compared with its sha256, and a damaged one made again. */
export async function restoreDataset(task: PlannedTask, setting: TaskSetting): Promise<Ending> {
  const { data } = task;
  if (data === null) return { kind: "done" };
  return whileLocked(data, setting, async () => {
    const dataset = sweepLayout.dataset(setting.sweep, data);
    if (isWhole(dataset)) return { kind: "done" };
    const log = sweepLayout.datasetLog(setting.sweep, data);
    appendText(log, `rbm-rg: warning: ${dataset} is damaged; it is sampled again.\n`);
    return sample(task, data, setting);
  });
}

async function whileLocked(
  hash: string,
  { sweep, machine, stop }: TaskSetting,
  work: () => Promise<Ending>,
): Promise<Ending> {
  const ending = await withLock(sweepLayout.datasetLock(sweep, hash), machine, stop, work);
  return ending ?? { kind: "interrupted", code: stopCodes[stop.signal ?? "SIGTERM"] };
}

/** Sample into the place of whatever is left there of the dataset. */
async function sample(
  task: PlannedTask,
  hash: string,
  { plan, sweep, machine, options, stop }: TaskSetting,
): Promise<Ending> {
  const dataset = sweepLayout.dataset(sweep, hash);
  removeAbandoned(dataset);
  const config = sweepLayout.datasetConfig(sweep, hash);
  writeFileAtomic(config, stringify(samplingConfig(plan, task)));
  const command = ["sample", "--config", config, "-o", dataset, ...(existsSync(dataset) ? ["--force"] : [])];
  const log = sweepLayout.datasetLog(sweep, hash);
  return endingOf(await logged([...command, ...commandFlags(options)], log, machine, stop), log);
}

function isWhole(dataset: string): boolean {
  try {
    return isIntact(verifyFolder(dataset));
  } catch (error) {
    if (error instanceof RbmRgError) return false;
    throw error;
  }
}

function manifestOf(sweep: string, hash: string): string {
  return join(sweepLayout.dataset(sweep, hash), "manifest.json");
}
