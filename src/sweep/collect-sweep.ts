import { MissingInputError } from "../errors/index.js";
import { type Collection, collectSummaries } from "../report/collect.js";
import type { AssignedValue } from "./definition.js";
import { formatValue } from "./expand.js";
import { sweepLayout } from "./layout.js";
import type { Plan, PlannedTask } from "./plan.js";
import type { TaskStatus } from "./task-state.js";

/**
 * The finished runs of a sweep in one table, a row each in the order of the plan: `part` if it has parts, the keys that
 * vary, `task`, then the columns of summary.csv. MissingInputError if no run is finished yet.
 */
export function collectSweep(plan: Plan, sweep: string, statuses: readonly TaskStatus[]): Collection {
  const done = statuses.filter(({ state }) => state === "done").map(({ task }) => task);
  if (done.length === 0) {
    throw new MissingInputError(
      `${sweep} has no finished run among its ${plan.tasks.length} tasks yet. Run: rbm-rg sweep run`,
    );
  }
  const tasks = new Map(done.map((task) => [sweepLayout.run(sweep, task.id), task]));
  const keys = variedKeys(plan);
  const { columns, rows, skipped } = collectSummaries([...tasks.keys()], () => "finished");
  const own = [...(hasParts(plan) ? ["part"] : []), ...keys, "task"];
  return {
    columns: [...own, ...columns.filter((column) => !own.includes(column))],
    rows: rows.map((row) => {
      const task = tasks.get(row["run"])!;
      const full: Record<string, string> = { ...row, part: task.parts.join(";"), task: task.id };
      for (const key of keys) full[key] = valueOf(plan, task, key);
      return full;
    }),
    skipped,
  };
}

/** Whether the sweep has several grids. */
export function hasParts({ tasks }: Plan): boolean {
  return tasks.some(({ parts }) => parts.length > 0);
}

/** The keys that vary, in order of first appearance. */
export function variedKeys({ tasks }: Plan): readonly string[] {
  return [...new Set(tasks.flatMap(({ assignment }) => Object.keys(assignment)))];
}

/** The value of a key in a task: of its assignment, or of its configuration if the key varies only since an extension. */
function valueOf(plan: Plan, task: PlannedTask, key: string): string {
  const flat = key in task.own ? task.own : plan.common;
  const value = (key in task.assignment ? task.assignment : flat)[key] as AssignedValue | null | undefined;
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? value.join(";") : formatValue(value);
}
