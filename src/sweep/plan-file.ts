import { existsSync, readdirSync, statSync } from "node:fs";
import * as v from "valibot";
import { DataError, MissingInputError, OutputError } from "../errors/index.js";
import { readJson, writeFileAtomic } from "../io/index.js";
import { VERSION } from "../runs/index.js";
import type { AssignedValue } from "./definition.js";
import { sweepLayout } from "./layout.js";
import type { Plan } from "./plan.js";

const taskSchema = v.object({
  index: v.number(),
  id: v.string(),
  parts: v.optional(v.array(v.string()), []),
  assignment: v.custom<Readonly<Record<string, AssignedValue>>>((value) => typeof value === "object"),
  data: v.nullable(v.string()),
  memory_bytes: v.number(),
  kernel_bytes: v.number(),
  seconds: v.number(),
  own: v.record(v.string(), v.unknown()),
});

const planSchema = v.object({
  kind: v.literal("sweep"),
  program: v.literal("rbm-rg"),
  version: v.string(),
  name: v.string(),
  common: v.record(v.string(), v.unknown()),
  tasks: v.array(taskSchema),
});

/** Write plan.json, whole or not at all: what all tasks have in common, then one task a line. */
export function writePlan(sweep: string, plan: Plan): void {
  const { tasks, name, common } = plan;
  const head = { kind: "sweep", program: "rbm-rg", version: VERSION, name, common };
  const lines = tasks.map(({ memoryBytes, kernelBytes, own, seconds, ...task }) =>
    JSON.stringify({ ...task, memory_bytes: memoryBytes, kernel_bytes: kernelBytes, seconds, own }),
  );
  writeFileAtomic(
    sweepLayout.plan(sweep),
    `${JSON.stringify(head).slice(0, -1)},"tasks":[\n${lines.join(",\n")}\n]}\n`,
  );
}

/** The plan of a sweep. MissingInputError if it has none yet, DataError if plan.json is not one. */
export function readPlan(sweep: string, file: string): Plan {
  const plan = findPlan(sweep);
  if (plan !== null) return plan;
  throw new MissingInputError(
    `${sweep} has no plan.json; the sweep is not planned yet. Run: rbm-rg sweep plan ${file}`,
  );
}

/** The same, null if there is none yet; then the folder must be missing or empty, else OutputError. */
export function findPlan(sweep: string): Plan | null {
  const path = sweepLayout.plan(sweep);
  if (!existsSync(path)) {
    requireFree(sweep);
    return null;
  }
  const result = v.safeParse(planSchema, readJson(path));
  if (!result.success) {
    throw new DataError(`${path} is not a plan made by rbm-rg sweep plan. Restore it, or choose another -o.`);
  }
  const { name, common, tasks } = result.output;
  return {
    name,
    common,
    tasks: tasks.map(({ memory_bytes: memoryBytes, kernel_bytes: kernelBytes, ...task }) => ({
      ...task,
      memoryBytes,
      kernelBytes,
    })),
  };
}

/** A sweep being planned by another process has only its folder of locks. */
function requireFree(sweep: string): void {
  const status = statSync(sweep, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isDirectory())
    throw new OutputError(`${sweep} is a file; expected a folder. Choose another -o.`);
  const foreign = readdirSync(sweep).find((name) => name !== "locks" && !name.startsWith(".plan.json"));
  if (foreign === undefined) return;
  throw new OutputError(
    `${sweep} holds ${foreign} and no plan.json; it is not the folder of a sweep. Choose another -o.`,
  );
}
