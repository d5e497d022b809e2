import { ConfigError, type ConfigIssue, RbmRgError } from "../errors/index.js";
import { canonicalJson } from "../io/index.js";
import {
  camelCase,
  type Dataset,
  type ExperimentConfig,
  getPath,
  isFileSource,
  overlay,
  type RawConfig,
  readDataset,
  resolveConfig,
  withPath,
} from "../runs/index.js";
import type { AssignedValue, Assignment } from "./definition.js";
import { describeAssignment, expandAssignments, formatValue } from "./expand.js";
import { SEED_KEY } from "./matrix.js";
import type { SweepReading } from "./sweep-file.js";

/** What a sweep needs to know of a dataset that is read from disk. */
export type ExternalData = Pick<Dataset, "sha256"> & { readonly rows: number; readonly columns: number };

/** One task before it has a number: its values and the experiment they make. */
export interface ResolvedTask {
  readonly assignment: Assignment;
  readonly config: ExperimentConfig;
  /** The data of a file source. */
  readonly external: ExternalData | null;
}

/**
 * Every task of a sweep file with its complete configuration. ConfigError with all that is wrong in the file and in the
 * configurations it makes, each issue once, saying for which tasks.
 *
 * The rules of a configuration join the sampling section to the rest through the lattice alone. So not every combination
 * is resolved, but every sampling section once and every other section once a lattice; seeds are checked by themselves.
 * Only to describe errors is every combination resolved.
 */
export function resolveTasks(
  { definition, issues, unreadable }: SweepReading,
  origin: string,
): readonly ResolvedTask[] {
  const tooMany = issues.some(({ path, message }) => path === "matrix" && message.startsWith("expands to"));
  const assignments = tooMany ? [] : expandAssignments(definition);
  const datasets = new Datasets();
  if (issues.length === 0) {
    if (assignments.length === 0) {
      throw new ConfigError([{ path: "exclude", message: "leaves no task; exclude less" }], origin);
    }
    const tasks = resolveSparingly(definition.base, assignments, datasets);
    if (tasks !== null) return tasks;
  }
  const found = taskIssues(definition.base, assignments, datasets).filter(
    ({ path, message }) =>
      !(message.startsWith("missing") && unreadable.some((key) => sameSection(key, path))),
  );
  throw new ConfigError([...issues, ...found], origin);
}

/** The sweep's base with an assignment laid over it. */
export function taskConfig(base: RawConfig, assignment: Assignment): RawConfig {
  const upper = Object.entries(assignment).reduce<RawConfig>(
    (config, [key, value]) => withPath(config, key.split(".").map(camelCase).join("."), value),
    {},
  );
  return overlay(base, upper);
}

/** All tasks, or null if anything is wrong with any of them. */
function resolveSparingly(
  base: RawConfig,
  assignments: readonly Assignment[],
  datasets: Datasets,
): readonly ResolvedTask[] | null {
  const samplings = new Map<string, ExperimentConfig["data"]>();
  const trainings = new Map<string, ExperimentConfig>();
  const tasks: ResolvedTask[] = [];
  for (const assignment of assignments) {
    const { [SEED_KEY]: seed, ...varied } = assignment;
    const raw = taskConfig(base, varied);
    const { sample, data, ...others } = raw;
    const samplingKey = mapKey([sample, data]);
    const trainingKey = mapKey([getPath(raw, "sample.lattice"), data, others]);
    if (!samplings.has(samplingKey) || !trainings.has(trainingKey)) {
      const config = attempt(() => resolveConfig(raw));
      if (config === null) return null;
      samplings.set(samplingKey, config.data);
      trainings.set(trainingKey, config);
    }
    const source = samplings.get(samplingKey)!;
    const external = isFileSource(source) ? attempt(() => datasets.read(source.path, source.lattice)) : null;
    if (external === null && isFileSource(source)) return null;
    const training = trainings.get(trainingKey)!;
    const config = { ...training, data: source, ...(SEED_KEY in assignment ? { seed: String(seed) } : {}) };
    tasks.push({ assignment, config, external });
  }
  return tasks;
}

/** Files of configurations are read once, however many tasks use them. */
class Datasets {
  readonly #read = new Map<string, ExternalData>();

  read(path: string, lattice: string | null): ExternalData {
    const key = JSON.stringify([path, lattice]);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const { sha256, rows } = readDataset(path, lattice);
    const data = { sha256, rows: rows.rows, columns: rows.columns };
    this.#read.set(key, data);
    return data;
  }
}

/** What is wrong with the configurations, each issue once, in the order of the tasks. */
function taskIssues(
  base: RawConfig,
  assignments: readonly Assignment[],
  datasets: Datasets,
): readonly ConfigIssue[] {
  const affected = new Map<string, { readonly issue: ConfigIssue; readonly tasks: Assignment[] }>();
  const checked = new Map<string, readonly ConfigIssue[]>();
  for (const assignment of assignments) {
    const varied = Object.fromEntries(Object.entries(assignment).filter(([key]) => key !== SEED_KEY));
    const key = canonicalJson(varied);
    const issues = checked.get(key) ?? issuesOf(taskConfig(base, varied), datasets);
    checked.set(key, issues);
    for (const issue of issues) {
      const same = JSON.stringify([issue.path, issue.message]);
      const entry = affected.get(same) ?? { issue, tasks: [] };
      entry.tasks.push(assignment);
      affected.set(same, entry);
    }
  }
  return [...affected.values()].map(({ issue, tasks }) => ({
    path: inSweepFile(issue.path, tasks[0]),
    message: `${issue.message}${whichTasks(tasks, assignments.length)}`,
  }));
}

function issuesOf(raw: RawConfig, datasets: Datasets): readonly ConfigIssue[] {
  try {
    const { data } = resolveConfig(raw);
    if (isFileSource(data)) datasets.read(data.path, data.lattice);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    if (error instanceof RbmRgError) return [{ path: "data.path", message: error.message }];
    throw error;
  }
}

/** Where in the sweep file a key of the configuration is set. */
function inSweepFile(path: string, assignment: Assignment): string {
  const varied = Object.keys(assignment).some((key) => path === key || path.startsWith(`${key}.`));
  return `${varied ? "matrix" : "base"}${path === "" ? "" : `.${path}`}`;
}

/** The tasks an issue is about, by the values they have in common; nothing if it is about all of them. */
function whichTasks(tasks: readonly Assignment[], total: number): string {
  if (tasks.length === total) return "";
  const [first, ...others] = tasks;
  const common = Object.entries(first).filter(([key, value]) =>
    others.every((task) => formatValue(task[key]) === formatValue(value)),
  );
  const which =
    common.length > 0
      ? `those with ${describeAssignment(Object.fromEntries<AssignedValue>(common))}`
      : `the first with ${describeAssignment(first)}`;
  return ` (${tasks.length} of ${total} tasks, ${which})`;
}

function sameSection(a: string, b: string): boolean {
  return a.split(".")[0] === b.replace(/^(base|matrix)\./, "").split(".")[0];
}

/** A key of a map: equal for values that are written alike. */
function mapKey(value: unknown): string {
  return JSON.stringify(value);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof RbmRgError) return null;
    throw error;
  }
}
