import { readdirSync } from "node:fs";
import { isAbsolute, join, normalize, relative, sep } from "node:path";
import * as v from "valibot";
import { DataError, MissingInputError } from "../errors/index.js";
import { pathStatus, readJson, sha256File } from "../io/index.js";
import { surveyCheckpoints } from "./checkpoint.js";
import { provenanceSchema } from "./provenance.js";
import { hashOutputs } from "./run-files.js";
import { runLayout } from "./run-layout.js";

/** What became of a file since the manifest was written; `new` files are not in it, `damaged` ones are broken checkpoints. */
export type FileState = "ok" | "changed" | "missing" | "new" | "damaged";

export interface FileCheck {
  /** Path relative to the folder; of an input, as the manifest has it. */
  readonly file: string;
  readonly state: FileState;
}

/** A folder of the program beside what its manifest says of it. */
export interface Verification {
  readonly path: string;
  /** `run`, `dataset`, `sweep`, `study`, or the analysis it is of: `pca`, `fisher`. */
  readonly kind: string;
  /** Of a run: `running`, `interrupted`, …; everything else is finished. */
  readonly status: string;
  /** Of an unfinished run its checkpoints: its files are still to be written again, and signed. */
  readonly files: readonly FileCheck[];
  /** The data it was made from, if they lie outside its folder. */
  readonly inputs: readonly FileCheck[];
  /** The configuration files it was made from, which it does not need any more. */
  readonly configurations: readonly FileCheck[];
  /** The runs of a sweep or study, in the order of their ids. */
  readonly runs: readonly Verification[];
}

const FINISHED = "finished";

const inputSchema = v.object({ path: v.string(), sha256: v.nullable(v.string()) });

const manifestSchema = v.object({
  program: v.literal("rbm-rg"),
  kind: v.string(),
  status: v.optional(v.string(), FINISHED),
  /** Of a run. */
  dataset: v.optional(v.nullable(inputSchema), null),
  /** Of an analysis. */
  inputs: v.optional(v.array(inputSchema), []),
  files: v.record(v.string(), v.string()),
  provenance: v.optional(v.pick(provenanceSchema, ["inputs"])),
});

/**
 * Compare the sha256 of every file of a run, dataset, analysis or study, of the data it was made from, and of the
 * configuration file it was given, with its manifest; of a sweep or study, all the runs as well.
 * MissingInputError or DataError if there is no manifest, or one that is none or names files outside its folder.
 */
export function verifyFolder(path: string): Verification {
  if (pathStatus(path)?.isDirectory() !== true) {
    throw new MissingInputError(
      `${path} is not a folder; expected a run, dataset or sweep folder of rbm-rg.`,
    );
  }
  const manifest = runLayout.manifest(path);
  const isSweep = pathStatus(join(path, "plan.json"))?.isFile() === true;
  const runs = isSweep ? verifyRuns(join(path, "runs")) : [];
  if (isSweep && pathStatus(manifest) === undefined) {
    return { path, kind: "sweep", status: FINISHED, files: [], inputs: [], configurations: [], runs };
  }
  return { ...verifyManifest(path, manifest, !isSweep), runs };
}

/** The runs of a sweep that have begun. */
function verifyRuns(folder: string): readonly Verification[] {
  if (pathStatus(folder)?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((run) => pathStatus(runLayout.manifest(run)) !== undefined)
    .map(verifyFolder);
}

function verifyManifest(path: string, manifestPath: string, alone: boolean): Omit<Verification, "runs"> {
  const parsed = v.safeParse(manifestSchema, readJson(manifestPath));
  if (!parsed.success) {
    throw new DataError(`${manifestPath} is not the manifest of a folder made by rbm-rg.`);
  }
  const { kind, status, dataset, inputs, files, provenance } = parsed.output;
  const foreign = Object.keys(files).find(leavesFolder);
  if (foreign !== undefined) {
    throw new DataError(
      `${manifestPath} names ${JSON.stringify(foreign)}, which is outside its folder: it was not written by rbm-rg.`,
    );
  }
  const outside = dataset === null || !isAbsolute(dataset.path) ? inputs : [dataset, ...inputs];
  return {
    path,
    kind,
    status,
    files: status === FINISHED ? checkFiles(path, files, alone) : checkCheckpoints(path),
    inputs: outside.flatMap((input) => (input.sha256 === null ? [] : [checkInput(input.path, input.sha256)])),
    configurations: (provenance?.inputs ?? []).flatMap(({ path: file, sha256 }) =>
      sha256 === null ? [] : [checkFile(file, file, sha256)],
    ),
  };
}

/** Every file of a manifest, and those it does not name. */
function checkFiles(
  path: string,
  files: Readonly<Record<string, string>>,
  alone: boolean,
): readonly FileCheck[] {
  const known = Object.entries(files).map(([file, sha256]) => checkFile(file, join(path, file), sha256));
  // What else lies in the folder of a study is its runs, which have manifests of their own.
  const added = alone ? Object.keys(hashOutputs(path)).filter((file) => !Object.hasOwn(files, file)) : [];
  return [...known, ...added.map((file) => ({ file, state: "new" as const }))];
}

/** Whether a run can go on from its checkpoints. */
function checkCheckpoints(run: string): readonly FileCheck[] {
  const { whole, damaged } = surveyCheckpoints(run);
  const place = (path: string): string => relative(run, path).split(sep).join("/");
  return [
    ...whole.map(({ path }) => ({ file: place(path), state: "ok" as const })),
    ...damaged.map((path) => ({ file: place(path), state: "damaged" as const })),
  ];
}

/** Whether everything is there, unchanged, that makes the results: not so the file a configuration was copied from. */
export function isIntact({ files, inputs, runs }: Verification): boolean {
  const broken = ({ state }: FileCheck): boolean => state !== "ok" && state !== "new";
  return !files.some(broken) && !inputs.some(broken) && runs.every(isIntact);
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
