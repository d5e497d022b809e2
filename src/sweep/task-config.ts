import { flatConfig } from "../runs/config/flat-config.js";
import { camelCase, renameKeys } from "../runs/config/keys.js";
import { type FlatConfig, nest } from "./flat-config.js";
import { sweepLayout } from "./layout.js";
import { flatTaskConfig, type Plan, type PlannedTask } from "./plan.js";
import { datasetId } from "./task-id.js";

/** The configuration a task is trained with, as written to a file: one that shares a dataset reads it from its folder. */
export function trainingConfig(plan: Plan, task: PlannedTask, sweep: string): Record<string, unknown> {
  const flat = flatTaskConfig(plan, task);
  if (task.data === null) return nest(flat);
  return nest({ ...withoutSampling(flat), "data.path": sweepLayout.dataset(sweep, task.data) });
}

/** The configuration a shared dataset is sampled with. */
export function samplingConfig(plan: Plan, task: PlannedTask): Record<string, unknown> {
  return nest(
    Object.fromEntries(
      Object.entries(flatTaskConfig(plan, task)).filter(([path]) => path === "seed" || isSampling(path)),
    ),
  );
}

/** The id of the dataset that a task samples, shared or not; null if it reads its data from disk. */
export function ownDatasetId(plan: Plan, task: PlannedTask): string | null {
  const { seed, sample } = samplingConfig(plan, task);
  return sample === undefined ? null : datasetId(seed, renameKeys(sample, camelCase));
}

/** Whether a run's configuration, as its manifest has it, is that of the task; names and places aside. */
export function isConfigOf(
  written: Readonly<Record<string, unknown>>,
  plan: Plan,
  task: PlannedTask,
): boolean {
  const wanted = flatTaskConfig(plan, task);
  let missing = 0;
  for (const path in wanted) if (isOwn(path, task)) missing++;
  for (const [path, value] of flatConfig(written)) {
    if (isPlace(path)) continue;
    if (!isOwn(path, task) || !isSame(value, wanted[path])) return false;
    missing--;
  }
  return missing === 0;
}

/** Whether a key of a task's configuration is one of its run's, and not only a name or place. */
function isOwn(path: string, { data }: PlannedTask): boolean {
  return !isPlace(path) && (data === null || !isSampling(path));
}

function isPlace(path: string): boolean {
  return path === "name" || path === "data.path";
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b));
}

function withoutSampling(flat: FlatConfig): FlatConfig {
  return Object.fromEntries(Object.entries(flat).filter(([path]) => !isSampling(path)));
}

function isSampling(path: string): boolean {
  return path.startsWith("sample.");
}
