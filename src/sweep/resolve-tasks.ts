import { ConfigError, type ConfigIssue, RbmRgError } from "../errors/index.js";
import { canonicalJson } from "../io/index.js";
import {
  camelCase,
  type Dataset,
  type ExperimentConfig,
  getPath,
  type FileSource,
  isFileSource,
  overlay,
  type RawConfig,
  readDataset,
  resolveConfig,
  withPath,
} from "../runs/index.js";
import type { AssignedValue, Assignment, SweepPart } from "./definition.js";
import { describeAssignment, expandAssignments, formatValue } from "./expand.js";
import { SEED_KEY } from "./matrix.js";
import { partPath, type SweepReading } from "./sweep-file.js";

/** What a sweep needs to know of a dataset that is read from disk. */
export type ExternalData = Pick<Dataset, "sha256"> & { readonly rows: number; readonly columns: number };

/** One task before it has a number: its values and the experiment they make. */
export interface ResolvedTask {
  /** The grid it belongs to; null in a sweep that is one grid. */
  readonly part: string | null;
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
export function resolveTasks({ definition, issues }: SweepReading, origin: string): readonly ResolvedTask[] {
  const grids = definition.parts.map((part) => ({ part, assignments: expandAssignments(part) }));
  const datasets = new Datasets();
  if (issues.length === 0) {
    const empty = grids.filter(({ assignments }) => assignments.length === 0);
    if (empty.length > 0) {
      const message = "leaves no task; exclude less";
      throw new ConfigError(
        empty.map(({ part }) => ({ path: partPath(part.name, "exclude"), message })),
        origin,
      );
    }
    const tasks = grids.map((grid) => resolveSparingly(grid, datasets));
    if (tasks.every((found) => found !== null)) return tasks.flat();
  }
  throw new ConfigError([...issues, ...gridIssues(grids, datasets)], origin);
}

/** A part of a sweep with all its combinations. */
interface Grid {
  readonly part: SweepPart;
  readonly assignments: readonly Assignment[];
}

/** What is wrong with the configurations of all grids; an error of the common base is named once. */
function gridIssues(grids: readonly Grid[], datasets: Datasets): readonly ConfigIssue[] {
  const found = grids.map((grid) => taskIssues(grid, datasets));
  const isEverywhere = ({ path, message }: ConfigIssue): boolean =>
    path.startsWith("base") &&
    found.every((issues) => issues.some((issue) => issue.path === path && issue.message === message));
  const common = (found[0] ?? []).filter(isEverywhere);
  const own = found.flatMap((issues, index) =>
    issues
      .filter((issue) => !isEverywhere(issue))
      .map(({ path, message }) => ({ path: partPath(grids[index].part.name, path), message })),
  );
  return [...common, ...own];
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
function resolveSparingly({ part, assignments }: Grid, datasets: Datasets): readonly ResolvedTask[] | null {
  const samplings = new Map<string, ExperimentConfig["data"]>();
  const trainings = new Map<string, ExperimentConfig>();
  const tasks: ResolvedTask[] = [];
  for (const assignment of assignments) {
    const { [SEED_KEY]: seed, ...varied } = assignment;
    const raw = taskConfig(part.base, varied);
    const { sample, data, ...others } = raw;
    const samplingKey = mapKey([sample, data]);
    const trainingKey = mapKey([
      getPath(raw, "sample.lattice"),
      getPath(raw, "sample.control"),
      data,
      others,
    ]);
    if (!samplings.has(samplingKey) || !trainings.has(trainingKey)) {
      const config = attempt(() => resolveConfig(raw));
      if (config === null) return null;
      samplings.set(samplingKey, config.data);
      trainings.set(trainingKey, config);
    }
    const source = samplings.get(samplingKey)!;
    const external = isFileSource(source) ? attempt(() => datasets.read(source)) : null;
    if (external === null && isFileSource(source)) return null;
    const training = trainings.get(trainingKey)!;
    const config = { ...training, data: source, ...(SEED_KEY in assignment ? { seed: String(seed) } : {}) };
    tasks.push({ part: part.name, assignment, config, external });
  }
  return tasks;
}

/** Files of configurations are read once, however many tasks use them. */
class Datasets {
  readonly #read = new Map<string, ExternalData>();

  read({ path, lattice, packed }: FileSource): ExternalData {
    const key = JSON.stringify([path, lattice, packed ?? null]);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const { sha256, rows } = readDataset(path, lattice, packed ?? null);
    const data = { sha256, rows: rows.rows, columns: rows.columns };
    this.#read.set(key, data);
    return data;
  }
}

/** What is wrong with the configurations of a grid, each issue once, in the order of the tasks. */
function taskIssues({ part, assignments }: Grid, datasets: Datasets): readonly ConfigIssue[] {
  const affected = new Map<string, { readonly issue: ConfigIssue; readonly tasks: Assignment[] }>();
  const checked = new Map<string, readonly ConfigIssue[]>();
  for (const assignment of assignments) {
    const varied = Object.fromEntries(Object.entries(assignment).filter(([key]) => key !== SEED_KEY));
    const key = canonicalJson(varied);
    const issues = checked.get(key) ?? issuesOf(taskConfig(part.base, varied), datasets);
    checked.set(key, issues);
    for (const issue of issues) {
      const same = JSON.stringify([issue.path, issue.message]);
      const entry = affected.get(same) ?? { issue, tasks: [] };
      entry.tasks.push(assignment);
      affected.set(same, entry);
    }
  }
  const isConsequence = ({ path, message }: ConfigIssue): boolean =>
    message.startsWith("missing") && part.unreadable.some((key) => sameSection(key, path));
  return [...affected.values()]
    .filter(({ issue }) => !isConsequence(issue))
    .map(({ issue, tasks }) => ({
      path: inSweepFile(issue.path, part.base, tasks[0]),
      message: `${issue.message}${whichTasks(tasks, assignments.length)}`,
    }));
}

function issuesOf(raw: RawConfig, datasets: Datasets): readonly ConfigIssue[] {
  try {
    const { data } = resolveConfig(raw);
    if (isFileSource(data)) datasets.read(data);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    if (error instanceof RbmRgError) return [{ path: "data.path", message: error.message }];
    throw error;
  }
}

/** Where in the sweep file a key of the configuration is set; a section, if only the matrix has it, there. */
function inSweepFile(path: string, base: RawConfig, assignment: Assignment): string {
  const keys = Object.keys(assignment);
  const isBase = path === "" || getPath(base, path.split(".").map(camelCase).join(".")) !== undefined;
  const varied =
    keys.some((key) => path === key || path.startsWith(`${key}.`)) ||
    (!isBase && keys.some((key) => key.startsWith(`${path}.`)));
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
  return a.split(".")[0] === b.split(".")[0];
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
