import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { lockHolder } from "../io/lock.js";
import type { LockHolder } from "../io/lock-file.js";
import { runLayout } from "../runs/index.js";
import { sweepLayout } from "./layout.js";
import type { Plan, PlannedTask } from "./plan.js";
import { isConfigOf } from "./task-config.js";
import { taskProgress } from "./task-progress.js";

/** What a task is at. `interrupted` has begun and can go on; only `done` needs nothing more. */
export const taskStates = ["waiting", "running", "interrupted", "done", "failed"] as const;

export type TaskState = (typeof taskStates)[number];

/** A task with what its folders say of it. */
export interface TaskStatus {
  readonly task: PlannedTask;
  readonly state: TaskState;
  /** How long its run took, of a finished one. */
  readonly seconds: number | null;
  /** Why it failed, or where it runs. */
  readonly remark: string;
}

/** Why a task would be run: nothing of it exists, its folder holds another run, or it has begun; or why it would not. */
export type TaskReason = "new" | "changed" | "incomplete" | "done";

const manifestSchema = v.object({
  status: v.string(),
  config: v.record(v.string(), v.unknown()),
  timings: v.optional(v.array(v.object({ seconds: v.number() })), []),
  error: v.optional(v.nullable(v.string()), null),
});

type Manifest = v.InferOutput<typeof manifestSchema>;

/** The states of all tasks of a sweep, running or not, in the order of the plan. */
export function surveySweep(plan: Plan, sweep: string): readonly TaskStatus[] {
  const runs = namesIn(sweepLayout.runs(sweep));
  const failures = namesIn(sweepLayout.failures(sweep));
  const locks = namesIn(sweepLayout.locks(sweep));
  return plan.tasks.map((task) => {
    const manifest = runs.has(task.id) ? readManifest(sweep, task.id) : null;
    const seconds = manifest?.timings.reduce((sum, timing) => sum + timing.seconds, 0) ?? null;
    const status = (state: TaskState, remark = ""): TaskStatus => ({
      task,
      state,
      seconds: state === "done" ? seconds : null,
      remark,
    });
    if (manifest?.status === "finished") return status("done");
    const holder =
      (locks.has(`${task.id}.lock`) ? lockHolder(sweepLayout.taskLock(sweep, task.id)) : null) ??
      (runs.has(task.id) ? runHolder(sweep, task.id) : null);
    if (holder !== null) {
      const { step } = taskProgress(sweep, task.id);
      return status("running", `process ${holder.pid} on ${holder.host}${step === "" ? "" : `: ${step}`}`);
    }
    if (failures.has(`${task.id}.json`)) return status("failed", failureReason(sweep, task.id));
    if (manifest?.status === "failed") return status("failed", manifest.error ?? "");
    return status(manifest === null ? "waiting" : "interrupted");
  });
}

/** The reason of each task, in the order of the plan. */
export function taskReasons(plan: Plan, sweep: string): readonly TaskReason[] {
  const runs = namesIn(sweepLayout.runs(sweep));
  return plan.tasks.map((task) => {
    const manifest = runs.has(task.id) ? readManifest(sweep, task.id) : null;
    if (manifest === null) return "new";
    if (!isConfigOf(manifest.config, plan, task)) return "changed";
    return manifest.status === "finished" ? "done" : "incomplete";
  });
}

/** The status in a run's manifest; null if it has none. */
export function runStatus(sweep: string, id: string): string | null {
  return readManifest(sweep, id)?.status ?? null;
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
  const counts = { waiting: 0, running: 0, interrupted: 0, done: 0, failed: 0 };
  for (const { state } of statuses) counts[state]++;
  return counts;
}

/** What a run's manifest says, as far as a sweep wants to know; null if there is none that can be read. */
function readManifest(sweep: string, id: string): Manifest | null {
  const result = v.safeParse(manifestSchema, parseFile(runLayout.manifest(sweepLayout.run(sweep, id))));
  return result.success ? result.output : null;
}

function failureReason(sweep: string, id: string): string {
  const found = parseFile(sweepLayout.failure(sweep, id)) as { readonly reason?: unknown } | null;
  return typeof found?.reason === "string" ? found.reason : "";
}

/** A JSON file that may be missing or, of a task that was killed, anything else. */
function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return null;
  }
}

function namesIn(folder: string): ReadonlySet<string> {
  return new Set(existsSync(folder) ? readdirSync(folder) : []);
}
