import { isAbsolute, join, normalize } from "node:path";
import * as v from "valibot";
import { DataError, MissingInputError } from "../errors/index.js";
import { pathStatus, readJson, sha256File } from "../io/index.js";
import { provenanceSchema } from "./provenance.js";
import { hashOutputs } from "./run-files.js";
import { runLayout } from "./run-layout.js";

/** What became of a file since the manifest was written; `new` files are not in it. */
export type FileState = "ok" | "changed" | "missing" | "new";

export interface FileCheck {
  /** Path relative to the folder; of an input, as the manifest has it. */
  readonly file: string;
  readonly state: FileState;
}

/** A run or dataset folder beside what its manifest says of it. */
export interface Verification {
  readonly path: string;
  readonly kind: "run" | "dataset";
  /** Whether the run was finished; datasets always are. */
  readonly finished: boolean;
  readonly files: readonly FileCheck[];
  /** The data a run was trained on, if they lie outside its folder. */
  readonly input: FileCheck | null;
  /** The configuration files it was made from, which it does not need any more. */
  readonly configurations: readonly FileCheck[];
}

const manifestSchema = v.object({
  kind: v.picklist(["run", "dataset"]),
  status: v.optional(v.string(), "finished"),
  dataset: v.optional(v.nullable(v.object({ path: v.string(), sha256: v.string() })), null),
  files: v.record(v.string(), v.string()),
  provenance: v.optional(v.pick(provenanceSchema, ["inputs"])),
});

/**
 * Compare the sha256 of every file of a run or dataset folder, of the data a run was trained on, and of the configuration
 * file it was given, with its manifest.
 * MissingInputError or DataError if there is no manifest, or one that is none or names files outside its folder.
 */
export function verifyFolder(path: string): Verification {
  if (pathStatus(path)?.isDirectory() !== true) {
    throw new MissingInputError(`${path} is not a folder; expected a run or dataset folder of rbm-rg.`);
  }
  const manifestPath = runLayout.manifest(path);
  const parsed = v.safeParse(manifestSchema, readJson(manifestPath));
  if (!parsed.success) {
    throw new DataError(`${manifestPath} is not the manifest of a run or dataset made by rbm-rg.`);
  }
  const { kind, status, dataset, files, provenance } = parsed.output;
  const foreign = Object.keys(files).find(leavesFolder);
  if (foreign !== undefined) {
    throw new DataError(
      `${manifestPath} names ${JSON.stringify(foreign)}, which is outside its folder: it was not written by rbm-rg.`,
    );
  }
  const known = Object.entries(files).map(([file, sha256]) => checkFile(file, join(path, file), sha256));
  const added = Object.keys(hashOutputs(path)).filter((file) => !Object.hasOwn(files, file));
  return {
    path,
    kind,
    finished: status === "finished",
    files: [...known, ...added.map((file) => ({ file, state: "new" as const }))],
    input: dataset === null || dataset.path === "data" ? null : checkInput(dataset.path, dataset.sha256),
    configurations: (provenance?.inputs ?? []).flatMap(({ path: file, sha256 }) =>
      sha256 === null ? [] : [checkFile(file, file, sha256)],
    ),
  };
}

/** Whether everything is there, unchanged, that makes the results: not so the file a configuration was copied from. */
export function isIntact({ files, input }: Verification): boolean {
  const broken = ({ state }: FileCheck): boolean => state === "changed" || state === "missing";
  return !files.some(broken) && (input === null || !broken(input));
}

function leavesFolder(file: string): boolean {
  return isAbsolute(file) || /^\.\.([/\\]|$)/.test(normalize(file)) || file.includes("\0");
}

/** A dataset folder is known by the hash of its configurations. */
function checkInput(path: string, sha256: string): FileCheck {
  const isFolder = pathStatus(path)?.isDirectory() === true;
  return checkFile(path, isFolder ? join(path, "configurations.npy") : path, sha256);
}

function checkFile(file: string, path: string, sha256: string): FileCheck {
  if (pathStatus(path)?.isFile() !== true) return { file, state: "missing" };
  return { file, state: sha256File(path) === sha256 ? "ok" : "changed" };
}
