import { existsSync, symlinkSync } from "node:fs";
import { relative } from "node:path";
import { stringify } from "yaml";
import { appendText, createFolder, removeFile, writeFileAtomic } from "../io/index.js";
import { isHeld, tryLock } from "../io/lock.js";
import type { LockHolder } from "../io/lock-file.js";
import { runLayout } from "../runs/index.js";
import { isLockRefusal } from "../runs/run-lock.js";
import { type Ending, endingOf, lastWords, stopCodes } from "./child-end.js";
import { findRun, isFinished } from "./found-run.js";
import { sweepLayout } from "./layout.js";
import { logged } from "./logged.js";
import type { PlannedTask } from "./plan.js";
import { readyRun } from "./ready-run.js";
import { datasetState, ensureDataset, restoreDataset } from "./shared-dataset.js";
import { trainingConfig } from "./task-config.js";
import { commandFlags } from "./task-options.js";
import type { TaskSetting } from "./task-setting.js";
import { runHolder } from "./task-state.js";

/** Exit codes: data that are wrong or missing, and what could not be written. */
const BAD_DATA = 65;
const NO_DATA = 66;
const UNWRITABLE = 73;

/** Another process is at a task. */
interface Busy {
  readonly kind: "busy";
  readonly holder: LockHolder;
}

/** What became of a task. */
export type TaskOutcome =
  | { readonly kind: "done" }
  | Busy
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
 * it is; one that another process is at is not touched; one that is not what its id says fails. `begun` is called once
 * work on it begins. The folders must exist.
 */
export async function runTask(
  task: PlannedTask,
  setting: TaskSetting,
  begun: () => void = () => undefined,
): Promise<TaskOutcome> {
  const { plan, sweep, machine } = setting;
  const isDone = (): boolean => isFinished(findRun(plan, task, sweep));
  if (isDone()) return done(task, sweep);
  const lock = tryLock(sweepLayout.taskLock(sweep, task.id), machine.timestamp());
  if (!isHeld(lock)) return { kind: "busy", holder: lock };
  try {
    if (isDone()) return done(task, sweep);
    const holder = runHolder(sweep, task.id);
    if (holder !== null) return { kind: "busy", holder };
    begun();
    removeFile(sweepLayout.failure(sweep, task.id));
    writeFileAtomic(sweepLayout.taskConfig(sweep, task.id), stringify(trainingConfig(plan, task, sweep)));
    const ending = await persist(task, setting);
    return ending.kind === "busy" ? ending : settle(ending, task, setting);
  } finally {
    lock.release();
  }
}

/** Attempt a task, again after failures as often as asked. */
async function persist(task: PlannedTask, setting: TaskSetting): Promise<Ending | Busy> {
  let ending = await attempt(task, setting);
  const { retry } = setting.options;
  for (let again = 0; again < retry && ending.kind === "failed" && !ending.hopeless; again++) {
    ending = await attempt(task, setting);
  }
  return ending;
}

async function attempt(task: PlannedTask, setting: TaskSetting): Promise<Ending | Busy> {
  const problem = setting.inputs.problem(task);
  if (problem !== null) return refuse(task, setting, BAD_DATA, problem);
  const sampled = await ensureDataset(task, setting);
  if (sampled.kind !== "done") return sampled;
  const before = task.data === null ? "" : datasetState(setting.sweep, task.data);
  const ending = await train(task, setting);
  if (task.data === null || ending.kind !== "failed" || ![BAD_DATA, NO_DATA].includes(ending.code))
    return ending;
  const restored = await restoreDataset(task, setting);
  if (restored.kind !== "done") return restored;
  return datasetState(setting.sweep, task.data) === before ? ending : train(task, setting);
}

/** Train, unless another process has the run in hand: whoever that is, it is no failure of the task. */
async function train(task: PlannedTask, setting: TaskSetting): Promise<Ending | Busy> {
  const { sweep, machine, options, stop } = setting;
  const log = sweepLayout.log(sweep, task.id);
  for (;;) {
    if (stop.signal !== null) return { kind: "interrupted", code: stopCodes[stop.signal] };
    const ready = readyRun(task, setting);
    if (ready.kind === "busy") return ready;
    if (ready.kind === "refused") return refuse(task, setting, UNWRITABLE, ready.why);
    const command = [
      "train",
      "--config",
      sweepLayout.taskConfig(sweep, task.id),
      "-o",
      sweepLayout.run(sweep, task.id),
      "--events",
      sweepLayout.events(sweep, task.id),
      ...ready.flags,
    ];
    const end = await logged([...command, ...commandFlags(options)], log, machine, stop);
    const ending = endingOf(end, log);
    if (ending.kind !== "failed" || ending.code !== UNWRITABLE) return ending;
    const holder = runHolder(sweep, task.id);
    if (holder !== null) return { kind: "busy", holder };
    // One that has ended since gives way.
    if (!isLockRefusal(lastWords(log))) return ending;
  }
}

/** A task that cannot be begun; its log says why. */
function refuse(task: PlannedTask, { sweep }: TaskSetting, code: number, why: string): Ending {
  const log = sweepLayout.log(sweep, task.id);
  appendText(log, `rbm-rg: ${why}.\n`);
  return { kind: "failed", code, how: "not begun", log, hopeless: true };
}

/** Leave what others need to know of the end of a task. */
function settle(ending: Ending, task: PlannedTask, setting: TaskSetting): TaskOutcome {
  const { plan, sweep, machine } = setting;
  switch (ending.kind) {
    case "interrupted":
      return ending;
    case "done": {
      const found = findRun(plan, task, sweep);
      if (isFinished(found)) return done(task, sweep);
      const what = "what" in found ? found.what : "it is not finished";
      const why = `${sweepLayout.run(sweep, task.id)} is not the run that was planned: ${what}`;
      return settle(refuse(task, setting, BAD_DATA, why), task, setting);
    }
    case "failed": {
      const { code, how, log } = ending;
      const words = lastWords(log);
      const reason = words === "" ? how : `${how}: ${words}`;
      const record = { code, reason, log, ended: machine.timestamp() };
      writeFileAtomic(sweepLayout.failure(sweep, task.id), `${JSON.stringify(record, null, 2)}\n`);
      return { kind: "failed", code, reason, log };
    }
  }
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
