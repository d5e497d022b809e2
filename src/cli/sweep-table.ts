import { formatValue, hasParts, type Plan, type PlannedTask, variedKeys } from "../sweep/index.js";

/** The columns of a table that tell the tasks of a plan apart. */
export interface TaskColumns {
  readonly head: readonly string[];
  readonly cells: (task: PlannedTask) => readonly string[];
}

/** The part of the sweep, if it has parts, and the keys that vary. */
export function taskColumns(plan: Plan): TaskColumns {
  const keys = variedKeys(plan);
  const parts = hasParts(plan);
  return {
    head: [...(parts ? ["part"] : []), ...keys],
    cells: (task) => [
      ...(parts ? [task.parts.join(", ")] : []),
      ...keys.map((key) => (key in task.assignment ? formatValue(task.assignment[key]) : "–")),
    ],
  };
}
