import { readFileSync } from "node:fs";
import { lockHolder } from "../io/lock.js";
import type { LockHolder } from "../io/lock-file.js";
import { runLayout } from "../runs/index.js";
import { findRun, type FoundRun, namesIn } from "./found-run.js";
import { sweepLayout } from "./layout.js";
import type { Plan, PlannedTask } from "./plan.js";
import { taskProgress } from "./task-progress.js";

/**
 * What a task is at. `interrupted` has begun and can go on; `incomplete` begins anew, for files of its run are missing or
 * damaged; only `done` needs nothing more.
 */
export type TaskState = "waiting" | "running" | "interrupted" | "incomplete" | "done" | "failed";

/** A task with what its folders say of it. */
export interface TaskStatus {
  readonly task: PlannedTask;
  readonly state: TaskState;
  /** How long its run took, of a finished one. */
  readonly seconds: number | null;
  /** Why it failed or is incomplete, or where it runs. */
  readonly remark: string;
}

/** Why a task would be run: nothing of it exists, its folder holds another run, or it has begun; or why it would not. */
export type TaskReason = "new" | "changed" | "incomplete" | "done";

/** The states of all tasks of a sweep, running or not, in the order of the plan. */
export function surveySweep(plan: Plan, sweep: string): readonly TaskStatus[] {
  const runs = namesIn(sweepLayout.runs(sweep));
  const failures = namesIn(sweepLayout.failures(sweep));
  const locks = namesIn(sweepLayout.locks(sweep));
  return plan.tasks.map((task) => {
    const found: FoundRun = runs.has(task.id) ? findRun(plan, task, sweep) : { kind: "none" };
    const status = (state: TaskState, remark = "", seconds: number | null = null): TaskStatus => ({
      task,
      state,
      seconds,
      remark,
    });
    if (found.kind === "own" && found.status === "finished") return status("done", "", found.seconds);
    const holder =
      (locks.has(`${task.id}.lock`) ? lockHolder(sweepLayout.taskLock(sweep, task.id)) : null) ??
      (runs.has(task.id) ? runHolder(sweep, task.id) : null);
    if (holder !== null) {
      const { step } = taskProgress(sweep, task.id);
      return status("running", `process ${holder.pid} on ${holder.host}${step === "" ? "" : `: ${step}`}`);
    }
    if (failures.has(`${task.id}.json`)) return status("failed", failureReason(sweep, task.id));
    if (found.kind === "none") return status("waiting");
    if (found.kind !== "own") return status("incomplete", found.what);
    return found.status === "failed" ? status("failed", found.error ?? "") : status("interrupted");
  });
}

/** The reason of each task, in the order of the plan. */
export function taskReasons(plan: Plan, sweep: string): readonly TaskReason[] {
  const runs = namesIn(sweepLayout.runs(sweep));
  return plan.tasks.map((task) => {
    const found: FoundRun = runs.has(task.id) ? findRun(plan, task, sweep) : { kind: "none" };
    if (found.kind === "none") return "new";
    if (found.kind === "foreign") return "changed";
    return found.kind === "own" && found.status === "finished" ? "done" : "incomplete";
  });
}

/** The process that has a task in hand, null if none is known to. */
export function taskHolder(sweep: string, id: string): LockHolder | null {
  return lockHolder(sweepLayout.taskLock(sweep, id)) ?? runHolder(sweep, id);
}

/**
 * The process that writes a task's run, null if none is known to: also one that was started by hand, or whose sweep has
 * been killed.
 */
export function runHolder(sweep: string, id: string): LockHolder | null {
  return lockHolder(runLayout.lock(sweepLayout.run(sweep, id)));
}

/** How many tasks are in each state. */
export function countStates(statuses: readonly TaskStatus[]): Readonly<Record<TaskState, number>> {
  const counts = { waiting: 0, running: 0, interrupted: 0, incomplete: 0, done: 0, failed: 0 };
  for (const { state } of statuses) counts[state]++;
  return counts;
}

/** Why a task failed, as its record says; that may be anything if the disk was full. */
function failureReason(sweep: string, id: string): string {
  try {
    const text = readFileSync(sweepLayout.failure(sweep, id), "utf8");
    const found = JSON.parse(text) as { readonly reason?: unknown } | null;
    return typeof found?.reason === "string" ? found.reason : "";
  } catch {
    return "";
  }
}
