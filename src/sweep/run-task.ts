import { existsSync, symlinkSync } from "node:fs";
import { relative } from "node:path";
import { stringify } from "yaml";
import { createFolder, removeFile, writeFileAtomic } from "../io/index.js";
import { isHeld, tryLock } from "../io/lock.js";
import type { LockHolder } from "../io/lock-file.js";
import { runLayout } from "../runs/index.js";
import { type Ending, endingOf, lastWords, stopCodes } from "./child-end.js";
import { sweepLayout } from "./layout.js";
import { logged } from "./logged.js";
import type { Machine, StopRequest } from "./machine.js";
import type { Plan, PlannedTask } from "./plan.js";
import { ensureDataset, hasDataset } from "./shared-dataset.js";
import { trainingConfig } from "./task-config.js";
import { type TaskOptions, trainingFlags } from "./task-options.js";
import { runHolder, runStatus } from "./task-state.js";

/** What became of a task. */
export type TaskOutcome =
  | { readonly kind: "done" }
  /** Another process is at it. */
  | { readonly kind: "busy"; readonly holder: LockHolder }
  | { readonly kind: "interrupted"; readonly code: number }
  | { readonly kind: "failed"; readonly code: number; readonly reason: string; readonly log: string };

/** Make the folders that tasks write into. */
export function prepareFolders(sweep: string): void {
  for (const folder of [
    sweepLayout.runs,
    sweepLayout.tasks,
    sweepLayout.logs,
    sweepLayout.failures,
    sweepLayout.locks,
    sweepLayout.data,
  ]) {
    createFolder(folder(sweep));
  }
}

/**
 * Run one task in child processes: sample the dataset it shares if nobody has yet, then train. A finished task is left as
 * it is; one that another process is at is not touched. The folders must exist.
 */
export async function runTask(
  plan: Plan,
  task: PlannedTask,
  sweep: string,
  machine: Machine,
  options: TaskOptions,
  stop: StopRequest,
): Promise<TaskOutcome> {
  const isDone = (): boolean => runStatus(sweep, task.id) === "finished";
  if (isDone()) return done(task, sweep);
  const lock = tryLock(sweepLayout.taskLock(sweep, task.id), machine.timestamp());
  if (!isHeld(lock)) return { kind: "busy", holder: lock };
  try {
    if (isDone()) return done(task, sweep);
    const holder = runHolder(sweep, task.id);
    if (holder !== null) return { kind: "busy", holder };
    removeFile(sweepLayout.failure(sweep, task.id));
    writeFileAtomic(sweepLayout.taskConfig(sweep, task.id), stringify(trainingConfig(plan, task, sweep)));
    let ending = await attempt(plan, task, sweep, machine, options, stop);
    for (let again = 0; again < options.retry && ending.kind === "failed" && !ending.hopeless; again++) {
      ending = await attempt(plan, task, sweep, machine, options, stop);
    }
    return settle(ending, task, sweep, machine);
  } finally {
    lock.release();
  }
}

async function attempt(
  plan: Plan,
  task: PlannedTask,
  sweep: string,
  machine: Machine,
  options: TaskOptions,
  stop: StopRequest,
): Promise<Ending> {
  const sampled = await ensureDataset(plan, task, sweep, machine, options, stop);
  if (sampled.kind !== "done") return sampled;
  if (stop.signal !== null) return { kind: "interrupted", code: stopCodes[stop.signal] };
  const command = [
    "train",
    "--config",
    sweepLayout.taskConfig(sweep, task.id),
    "-o",
    sweepLayout.run(sweep, task.id),
    "--events",
    sweepLayout.events(sweep, task.id),
  ];
  return endingOf(
    await logged([...command, ...trainingFlags(options)], sweepLayout.log(sweep, task.id), machine, stop),
  );
}

/** Leave what others need to know of the end of a task. */
function settle(ending: Ending, task: PlannedTask, sweep: string, machine: Machine): TaskOutcome {
  switch (ending.kind) {
    case "interrupted":
      return ending;
    case "done":
      return done(task, sweep);
    case "failed": {
      const log = failedLog(sweep, task);
      const words = lastWords(log);
      const reason = words === "" ? ending.how : `${ending.how}: ${words}`;
      const record = { code: ending.code, reason, log, ended: machine.timestamp() };
      writeFileAtomic(sweepLayout.failure(sweep, task.id), `${JSON.stringify(record, null, 2)}\n`);
      return { kind: "failed", code: ending.code, reason, log };
    }
  }
}

/** Where the reason of a failure is: with the dataset, if that is what could not be made. */
function failedLog(sweep: string, { id, data }: PlannedTask): string {
  return data === null || hasDataset(sweep, data)
    ? sweepLayout.log(sweep, id)
    : sweepLayout.datasetLog(sweep, data);
}

function done(task: PlannedTask, sweep: string): TaskOutcome {
  linkDataset(task, sweep);
  return { kind: "done" };
}

/**
 * Let `data` in the run of a finished task lead to the dataset it shares, so that the folder has what one has that samples
 * itself.
 */
export function linkDataset({ id, data: hash }: PlannedTask, sweep: string): void {
  if (hash === null) return;
  const link = runLayout.dataset(sweepLayout.run(sweep, id));
  if (existsSync(link)) return;
  try {
    symlinkSync(relative(sweepLayout.run(sweep, id), sweepLayout.dataset(sweep, hash)), link, "dir");
  } catch {
    // A convenience: some file systems have no links, and nothing of the program looks for it.
  }
}
