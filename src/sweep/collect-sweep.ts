import { MissingInputError } from "../errors/index.js";
import { type Collection, collectSummaries } from "../report/collect.js";
import type { AssignedValue } from "./definition.js";
import { formatValue } from "./expand.js";
import type { FlatConfig } from "./flat-config.js";
import { sweepLayout } from "./layout.js";
import { flatTaskConfig, type Plan, type PlannedTask } from "./plan.js";
import type { TaskStatus } from "./task-state.js";

/**
 * The finished runs of a sweep in one table, a row each in the order of the plan: `part` if it has parts, the keys that vary, `task`, then the
 * columns of summary.csv. MissingInputError if no run is finished yet.
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
  const { columns, rows, skipped } = collectSummaries([...tasks.keys()]);
  const own = [...(hasParts(plan) ? ["part"] : []), ...keys, "task"];
  return {
    columns: [...own, ...columns.filter((column) => !own.includes(column))],
    rows: rows.map((row) => {
      const task = tasks.get(row["run"])!;
      const values = keys.map((key) => [key, valueOf(plan, task, key)] as const);
      return { ...row, ...Object.fromEntries(values), part: task.parts.join(";"), task: task.id };
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
  const values: FlatConfig = { ...flatTaskConfig(plan, task), ...task.assignment };
  const value = values[key] as AssignedValue | undefined;
  if (value === undefined) return "";
  return Array.isArray(value) ? value.join(";") : formatValue(value);
}
