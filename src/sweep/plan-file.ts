import { readdirSync } from "node:fs";
import { basename } from "node:path";
import * as v from "valibot";
import { DataError, MissingInputError, OutputError } from "../errors/index.js";
import { pathStatus, readJson, sha256Hex, writeFileAtomic } from "../io/index.js";
import { isPlainObject, VERSION } from "../runs/index.js";
import type { Assignment } from "./definition.js";
import { sweepLayout } from "./layout.js";
import type { Plan } from "./plan.js";
import { planRemedy, requireSound } from "./plan-check.js";
import { nameSchema } from "./sweep-file.js";
import { idPattern } from "./task-id.js";

const id = v.pipe(v.string(), v.regex(idPattern));

const taskSchema = v.object({
  index: v.number(),
  id,
  parts: v.optional(v.array(v.string()), []),
  assignment: v.custom<Assignment>(isAssignment),
  data: v.nullable(id),
  memory_bytes: v.number(),
  kernel_bytes: v.number(),
  seconds: v.number(),
  own: v.record(v.string(), v.unknown()),
});

const planSchema = v.object({
  kind: v.literal("sweep"),
  program: v.literal("rbm-rg"),
  version: v.string(),
  /** Of the rest; see `sealOf`. */
  sha256: v.optional(v.string()),
  name: nameSchema,
  inputs: v.optional(v.array(v.object({ path: v.string(), sha256: v.string() })), []),
  common: v.record(v.string(), v.unknown()),
  tasks: v.array(taskSchema),
});

function isAssignment(value: unknown): boolean {
  return (
    isPlainObject(value) && Object.values(value).every((entry) => entry !== null && !isPlainObject(entry))
  );
}

/** Write plan.json, whole or not at all: what all tasks have in common, then one task a line. */
export function writePlan(sweep: string, plan: Plan): void {
  const { tasks, name, inputs, common } = plan;
  const kind = { kind: "sweep", program: "rbm-rg", version: VERSION };
  const head = { name, inputs, common };
  const written = tasks.map(({ memoryBytes, kernelBytes, own, seconds, ...task }) => ({
    ...task,
    memory_bytes: memoryBytes,
    kernel_bytes: kernelBytes,
    seconds,
    own,
  }));
  const sealed = { ...kind, sha256: sealOf({ ...kind, ...head, tasks: written }), ...head };
  const lines = written.map((task) => JSON.stringify(task));
  writeFileAtomic(
    sweepLayout.plan(sweep),
    `${JSON.stringify(sealed).slice(0, -1)},"tasks":[\n${lines.join(",\n")}\n]}\n`,
  );
}

/** What tells whether a plan was changed: sha256 of its JSON without blanks, keys as they stand, this one apart. */
function sealOf(plan: Readonly<Record<string, unknown>>): string {
  return sha256Hex(JSON.stringify({ ...plan, sha256: undefined }));
}

/**
 * The plan of a sweep. MissingInputError if it has none yet, DataError if plan.json is not one, or its ids are not those of
 * its configurations.
 */
export function readPlan(sweep: string, file: string): Plan {
  const plan = findPlan(sweep);
  if (plan !== null) return plan;
  throw new MissingInputError(
    `${sweep} has no plan.json; the sweep is not planned yet. Run: rbm-rg sweep plan ${file}`,
  );
}

/** The same, null if there is none; then the folder must be missing, empty, or that of a sweep, else OutputError. */
export function findPlan(sweep: string): Plan | null {
  const path = sweepLayout.plan(sweep);
  if (pathStatus(path) === undefined) {
    const foreign = foreignName(sweep);
    if (foreign === null) return null;
    // Unless another process has planned the sweep since: the plan is the first that is written.
    if (pathStatus(path) === undefined) {
      throw new OutputError(
        `${sweep} holds ${foreign} and no plan.json; it is not the folder of a sweep. Choose another -o.`,
      );
    }
  }
  const value = parsedPlan(path);
  const result = v.safeParse(planSchema, value);
  if (!result.success) {
    throw new DataError(`${path} is not a plan made by rbm-rg sweep plan. ${planRemedy}.`);
  }
  const { sha256, name, inputs, common, tasks } = result.output;
  const plan = {
    name,
    inputs,
    common,
    tasks: tasks.map(({ memory_bytes: memoryBytes, kernel_bytes: kernelBytes, ...task }) => ({
      ...task,
      memoryBytes,
      kernelBytes,
    })),
  };
  requireSound(plan, path);
  if (sha256 !== undefined && sha256 !== sealOf(value as Readonly<Record<string, unknown>>)) {
    throw new DataError(`${path} has been changed since it was written. ${planRemedy}.`);
  }
  return plan;
}

function parsedPlan(path: string): unknown {
  try {
    return readJson(path);
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${error.message} ${planRemedy}.`, { cause: error });
    throw error;
  }
}

/**
 * What lies in the folder of a sweep without a plan and does not belong there, null if nothing does. A sweep being planned by
 * another process has only its folder of locks; one whose plan was lost may have any.
 */
function foreignName(sweep: string): string | null {
  const status = pathStatus(sweep);
  if (status === undefined) return null;
  if (!status.isDirectory())
    throw new OutputError(`${sweep} is a file; expected a folder. Choose another -o.`);
  const names = readdirSync(sweep).filter((name) => !name.startsWith(".plan.json"));
  const foreign = names.find((name) => name !== basename(sweepLayout.locks(sweep)));
  return foreign === undefined || hasRunsAlone(sweepLayout.runs(sweep)) ? null : foreign;
}

/** Whether a folder has runs of tasks in it, and nothing else. */
function hasRunsAlone(runs: string): boolean {
  if (pathStatus(runs)?.isDirectory() !== true) return false;
  const names = readdirSync(runs).filter((name) => !name.startsWith("."));
  return names.length > 0 && names.every((name) => idPattern.test(name));
}
