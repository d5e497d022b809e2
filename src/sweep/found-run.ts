import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import { isRemains } from "../experiment/run-folder.js";
import { messageOf, systemErrorCode } from "../io/system-error.js";
import { isPlainObject, runLayout } from "../runs/index.js";
import { sweepLayout } from "./layout.js";
import type { Plan, PlannedTask } from "./plan.js";
import { isConfigOf, ownDatasetId } from "./task-config.js";

/** What lies in the folder of a task's run. */
export type FoundRun =
  /** Nothing, or what a process left that was killed before it wrote a manifest. */
  | { readonly kind: "none" }
  /** The run of the task; if it is finished, with all its files. */
  | {
      readonly kind: "own";
      readonly status: string;
      /** How long it took so far. */
      readonly seconds: number;
      readonly error: string | null;
    }
  /** The run of the task, once finished, of which files have been removed since. */
  | { readonly kind: "incomplete"; readonly what: string }
  /** Files, but no manifest of theirs that can be read. */
  | { readonly kind: "unreadable"; readonly what: string }
  /** Another run, or something else. */
  | { readonly kind: "foreign"; readonly what: string };

const manifestSchema = v.object({
  kind: v.literal("run"),
  status: v.string(),
  identity: v.string(),
  config: v.record(v.string(), v.unknown()),
  timings: v.optional(v.array(v.object({ seconds: v.number() })), []),
  error: v.optional(v.nullable(v.string()), null),
  files: v.optional(v.record(v.string(), v.unknown()), {}),
});

type Manifest = v.InferOutput<typeof manifestSchema>;

/** Whether there is nothing left to do for a task. */
export function isFinished(found: FoundRun): boolean {
  return found.kind === "own" && found.status === "finished";
}

/** Look what there is of a task's run; of a finished one also whether its files are there, but not what is in them. */
export function findRun(plan: Plan, task: PlannedTask, sweep: string): FoundRun {
  const run = sweepLayout.run(sweep, task.id);
  const text = manifestText(run);
  if (typeof text !== "string") return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "unreadable", what: "its manifest.json is damaged" };
  }
  const result = v.safeParse(manifestSchema, value);
  if (!result.success) return { kind: "foreign", what: "its manifest.json is not that of a run" };
  const manifest = result.output;
  if (!isOwn(manifest, plan, task)) {
    return { kind: "foreign", what: `it holds a different run (status ${manifest.status})` };
  }
  const missing = manifest.status === "finished" ? missingFile(run, manifest) : null;
  if (missing !== null) return { kind: "incomplete", what: `its ${missing} is missing` };
  const seconds = manifest.timings.reduce((sum, timing) => sum + timing.seconds, 0);
  return { kind: "own", status: manifest.status, seconds, error: manifest.error };
}

function manifestText(run: string): string | FoundRun {
  try {
    return readFileSync(runLayout.manifest(run), "utf8");
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") return { kind: "foreign", what: messageOf(error) };
    return [...namesIn(run)].every(isRemains)
      ? { kind: "none" }
      : { kind: "unreadable", what: "its manifest.json is missing" };
  }
}

/**
 * Whether a run is the task's: it has its identity, or reads the dataset that the task would sample, from the folder that is
 * named by it, and has the rest of its configuration.
 */
function isOwn({ identity, config }: Manifest, plan: Plan, task: PlannedTask): boolean {
  if (identity.startsWith(task.id)) return true;
  const { data } = config;
  if (!isPlainObject(data) || typeof data["path"] !== "string") return false;
  const shared = task.data ?? ownDatasetId(plan, task);
  return shared === basename(data["path"]) && isConfigOf(config, plan, { ...task, data: shared });
}

/** A file that the manifest names and that is not there; null if all are. */
function missingFile(run: string, { files }: Manifest): string | null {
  const folders = new Map<string, ReadonlySet<string>>();
  for (const file of Object.keys(files)) {
    const slash = file.lastIndexOf("/");
    const folder = file.slice(0, Math.max(0, slash));
    const names = folders.get(folder) ?? namesIn(join(run, folder));
    folders.set(folder, names);
    if (!names.has(file.slice(slash + 1))) return file;
  }
  return null;
}

/** The names in a folder; none if there is no such folder. */
export function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return new Set();
  }
}
