import { estimateMemory } from "../experiment/memory-estimate.js";
import { type ExperimentConfig, isFileSource, runIdentity, writtenForm } from "../runs/index.js";
import { ConfigError } from "../errors/index.js";
import type { Assignment } from "./definition.js";
import { describeAssignment, formatValue } from "./expand.js";
import { commonEntries, flatten, type FlatConfig, ownEntries } from "./flat-config.js";
import type { ResolvedTask } from "./resolve-tasks.js";
import { datasetId, shortId } from "./task-id.js";
import { TimeEstimator } from "./time-estimate.js";

/** Longest name made of a task's values. */
const NAME_LENGTH = 80;

/** One task of a plan. What it is never changes; what became of it is in its folder. */
export interface PlannedTask {
  /** Its place in the plan, from 0. */
  readonly index: number;
  /** The start of the identity of its run: equal configurations have equal ids, whatever the sweep is called. */
  readonly id: string;
  /** The parts of the sweep that it belongs to; several where they ask for the same experiment. */
  readonly parts: readonly string[];
  readonly assignment: Assignment;
  /** What is laid over the plan's common configuration to get its own. */
  readonly own: FlatConfig;
  /** The dataset it shares with other tasks; null if its run samples or reads its own. */
  readonly data: string | null;
  /** Estimated resident memory at its peak, one thread. */
  readonly memoryBytes: number;
  /** The part of it in the memory of the kernels. */
  readonly kernelBytes: number;
  /** Roughly estimated duration on one thread. */
  readonly seconds: number;
}

/** Data that tasks read from disk. */
export interface PlanInput {
  /** As the configurations name it. */
  readonly path: string;
  readonly sha256: string;
}

/** A sweep expanded into tasks. Written once; only ever extended at its end. */
export interface Plan {
  readonly name: string;
  /** What the ids of tasks that read data from disk were made with, each path once. */
  readonly inputs: readonly PlanInput[];
  /** The entries of the configuration that all tasks had in common when the plan was made. */
  readonly common: FlatConfig;
  readonly tasks: readonly PlannedTask[];
}

/** A task that has no place in a plan yet. */
export interface Candidate {
  readonly id: string;
  readonly parts: readonly string[];
  readonly assignment: Assignment;
  readonly written: FlatConfig;
  /** The data it reads from disk; null if it samples. */
  readonly input: PlanInput | null;
  /** The identity of its sampling part; null where the data cannot be shared. */
  readonly dataHash: string | null;
  readonly memoryBytes: number;
  readonly kernelBytes: number;
  readonly seconds: number;
}

/**
 * Give every resolved task its id and estimates. Parts that ask for the same experiment share it; within a part two tasks
 * that are the same are a ConfigError.
 */
export function candidates(
  name: string,
  tasks: readonly ResolvedTask[],
  origin: string,
): readonly Candidate[] {
  const times = new TimeEstimator();
  const found = new Map<string, Candidate>();
  const twice: string[] = [];
  for (const task of tasks) {
    const candidate = toCandidate(name, task, times);
    const same = found.get(candidate.id);
    if (same === undefined) found.set(candidate.id, candidate);
    else if (task.part !== null && !same.parts.includes(task.part)) {
      found.set(candidate.id, { ...same, parts: [...same.parts, task.part] });
    } else twice.push(`${describeAssignment(same.assignment)} and ${describeAssignment(task.assignment)}`);
  }
  if (twice.length > 0) {
    throw new ConfigError(
      twice.map((pair) => ({
        path: "matrix",
        message: `${pair} are the same experiment; remove or exclude one`,
      })),
      origin,
    );
  }
  return [...found.values()];
}

function toCandidate(
  name: string,
  { part, assignment, config, external }: ResolvedTask,
  times: TimeEstimator,
): Candidate {
  const id = shortId(runIdentity(config, external?.sha256 ?? null));
  const named = { ...config, name: taskName(part === null ? name : `${name}-${part}`, assignment, id) };
  const size =
    external ??
    (isFileSource(config.data)
      ? { rows: 0, columns: 0 }
      : { rows: config.data.samples, columns: times.sites(config.data.lattice) });
  const memory = estimateMemory(config, size, 1);
  return {
    id,
    parts: part === null ? [] : [part],
    assignment,
    written: flatten(writtenForm(named)),
    input:
      external !== null && isFileSource(config.data)
        ? { path: config.data.path, sha256: external.sha256 }
        : null,
    dataHash: samplingHash(config),
    memoryBytes: Math.round(memory.peak),
    kernelBytes: Math.round(memory.kernels),
    seconds: Number(times.estimate(config, size).toPrecision(3)),
  };
}

/** `temperature-sweep-temperature=2.3-hidden=64`, or the id in place of values that are too long for a name. */
function taskName(sweep: string, assignment: Assignment, id: string): string {
  const values = Object.entries(assignment).map(
    ([key, value]) => `${key.split(".").at(-1)}=${formatValue(value)}`,
  );
  const name = [sweep, ...values]
    .join("-")
    .replace(/[[\]]/g, "")
    .replace(/,/g, "+")
    .replace(/[^\w.=+-]+/g, "_");
  return name.length > NAME_LENGTH ? `${sweep}-${id}` : name;
}

/**
 * What decides an inline dataset: the sampling section and the seed. Null for data read from disk, and where the exact
 * data phase is asked for, which a configuration with data on disk may not do.
 */
function samplingHash({ data, seed, dataPhase }: ExperimentConfig): string | null {
  if (isFileSource(data) || dataPhase === "exact") return null;
  return datasetId(seed, { ...data });
}

/** A plan of new tasks. Tasks with the same sampling part share a dataset; a task that is alone with its samples does not. */
export function newPlan(name: string, all: readonly Candidate[]): Plan {
  const common = commonEntries(all.map(({ written }) => written));
  return extendPlan({ name, inputs: [], common, tasks: [] }, all);
}

/** The plan with tasks appended; what is in it already stays as it is. */
export function extendPlan(plan: Plan, added: readonly Candidate[]): Plan {
  const uses = new Map<string, number>();
  const count = (hash: string | null, by: number): void => {
    if (hash !== null) uses.set(hash, (uses.get(hash) ?? 0) + by);
  };
  for (const { data } of plan.tasks) count(data, 2);
  for (const { dataHash } of added) count(dataHash, 1);
  const first = plan.tasks.length;
  const tasks = added.map((task, offset) => ({
    index: first + offset,
    id: task.id,
    parts: task.parts,
    assignment: task.assignment,
    memoryBytes: task.memoryBytes,
    kernelBytes: task.kernelBytes,
    seconds: task.seconds,
    own: ownEntries(task.written, plan.common),
    data: task.dataHash !== null && uses.get(task.dataHash)! >= 2 ? task.dataHash : null,
  }));
  const inputs = new Map(plan.inputs.map((input) => [input.path, input]));
  for (const { input } of added) if (input !== null) inputs.set(input.path, input);
  return { ...plan, inputs: [...inputs.values()], tasks: [...plan.tasks, ...tasks] };
}

/** The plan with some tasks in other parts than before. */
export function regroup(plan: Plan, regrouped: readonly Pick<PlannedTask, "id" | "parts">[]): Plan {
  const parts = new Map(regrouped.map((task) => [task.id, task.parts]));
  return { ...plan, tasks: plan.tasks.map((task) => ({ ...task, parts: parts.get(task.id) ?? task.parts })) };
}

/** The complete configuration of a task, as written. */
export function flatTaskConfig({ common }: Plan, { own }: PlannedTask): FlatConfig {
  const flat: Record<string, unknown> = {};
  for (const path in common) if (own[path] !== null) flat[path] = common[path];
  for (const path in own) if (own[path] !== null) flat[path] = own[path];
  return flat;
}
