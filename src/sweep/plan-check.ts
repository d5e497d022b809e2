import { DataError, RbmRgError } from "../errors/index.js";
import { flatTaskConfig, type Plan, type PlannedTask } from "./plan.js";
import { ownDatasetId } from "./task-config.js";
import { taskId } from "./task-id.js";

/** What can be done about a plan.json that is not what the program has written. */
export const planRemedy =
  "Restore it, or remove it and plan the sweep again: its finished runs are found again";

/**
 * Check that every task of a plan that was read from `path` has its place, an id of its own, and the configuration that
 * its id and that of its dataset are made of. DataError for the first that has not: somebody has changed the file.
 */
export function requireSound(plan: Plan, path: string): void {
  const seen = new Set<string>();
  const spellings = new Map<string, string>();
  for (const [place, task] of plan.tasks.entries()) {
    const problem = seen.has(task.id) ? "occurs twice" : problemOf(plan, task, place, spellings);
    seen.add(task.id);
    if (problem !== null) {
      throw new DataError(
        `${path} has been changed since it was written: task ${task.index} (${task.id}) ${problem}. ${planRemedy}.`,
      );
    }
  }
}

function problemOf(
  plan: Plan,
  task: PlannedTask,
  place: number,
  spellings: Map<string, string>,
): string | null {
  if (task.index !== place) return `stands in place ${place}`;
  const idOf = (): string => taskId(flatTaskConfig(plan, task), inputHash(plan, task), spellings);
  if (attempt(idOf) !== task.id) {
    return "has a configuration, or data, that do not make this id";
  }
  if (task.data !== null && attempt(() => ownDatasetId(plan, task)) !== task.data) {
    return "has a configuration that does not make its dataset";
  }
  return null;
}

/** The sha256 that the data of a task had when it was planned; null if it samples, or the plan does not say. */
export function inputHash(plan: Plan, task: PlannedTask): string | null {
  const path = inputPath(plan, task);
  return plan.inputs.find((input) => input.path === path)?.sha256 ?? null;
}

/** Where a task reads its data; null if it samples. */
export function inputPath(plan: Plan, task: PlannedTask): string | null {
  const path = "data.path" in task.own ? task.own["data.path"] : plan.common["data.path"];
  return typeof path === "string" ? path : null;
}

/** Null if the configuration is none. */
function attempt(work: () => string | null): string | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof RbmRgError) return null;
    throw error;
  }
}
