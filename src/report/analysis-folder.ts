import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { OutputError, RbmRgError, UsageError } from "../errors/index.js";
import {
  createFolder,
  type FileContent,
  pathStatus,
  readJson,
  requireWritable,
  sha256File,
  writeFileAtomic,
  writeFolderAtomic,
} from "../io/index.js";
import { VERSION } from "../runs/index.js";
import type { Figure } from "./figures/index.js";

/** A table or picture of an analysis, by its path inside the folder. */
export type AnalysisFile = readonly [path: string, content: FileContent];

/** What the manifest of an analysis says. */
export interface AnalysisRecord {
  /** Name of the command: `pca`. */
  readonly kind: string;
  /** Null where nothing is random. */
  readonly seed: string | null;
  /** What was analysed. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string | null }[];
  /** How: every option with its resolved value. */
  readonly options: Readonly<Record<string, unknown>>;
}

const MANIFEST = "manifest.json";

const manifestSchema = v.object({ kind: v.string(), files: v.record(v.string(), v.string()) });

/** Manifests of analyses alone say what was analysed. */
const analysisSchema = v.object({
  program: v.literal("rbm-rg"),
  inputs: v.array(v.object({ path: v.string() })),
});

/** A figure's three files, the data behind it as CSV. */
export function figureFiles(name: string, { svg, png }: Figure, csv: FileContent): readonly AnalysisFile[] {
  return [
    [`figures/${name}.csv`, csv],
    [`figures/${name}.svg`, svg],
    [`figures/${name}.png`, png],
  ];
}

/**
 * Check before computing that an analysis may be written at `path`: nothing or an empty folder is there, or, with `force`,
 * an analysis of the same kind and nothing else. UsageError or OutputError otherwise.
 */
export function requireReplaceableAnalysis(path: string, kind: string, force: boolean): void {
  if (path.trim() === "") throw new UsageError("-o needs the name of a folder.");
  requireWritable(path);
  const status = pathStatus(path);
  if (status === undefined) return;
  if (!status.isDirectory()) {
    throw new OutputError(`${path} is a file; expected a folder. Choose another -o.`);
  }
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  if (names.length === 0) return;
  const known = knownFiles(path, kind);
  const foreign = names.find((name) => known?.has(name) !== true);
  if (foreign !== undefined) {
    throw new OutputError(
      `${path} holds ${foreign}, which is not part of an analysis by rbm-rg ${kind}; it is not replaced. Choose another -o.`,
    );
  }
  if (!force)
    throw new OutputError(`${path} exists. Choose another -o, or --force to replace the analysis in it.`);
}

/** Whether a folder holds an analysis of any kind and nothing else. */
export function isAnalysisFolder(path: string): boolean {
  const manifest = join(path, MANIFEST);
  if (pathStatus(manifest)?.isFile() !== true) return false;
  try {
    const content = readJson(manifest);
    const kind = v.safeParse(manifestSchema, content);
    if (!kind.success || !v.is(analysisSchema, content)) return false;
    const known = knownFiles(path, kind.output.kind);
    return readdirSync(path, { recursive: true, encoding: "utf8" }).every(
      (name) => known?.has(name) === true,
    );
  } catch (error) {
    // Something else has this name.
    if (error instanceof RbmRgError) return false;
    throw error;
  }
}

/** The files and folders that the manifest of an analysis of this kind lists; null if there is none. */
function knownFiles(path: string, kind: string): ReadonlySet<string> | null {
  const manifest = join(path, MANIFEST);
  if (pathStatus(manifest) === undefined) return null;
  const result = v.safeParse(manifestSchema, readJson(manifest));
  if (!result.success || result.output.kind !== kind) return null;
  const files = Object.keys(result.output.files).map((name) => join(name));
  return new Set([MANIFEST, ...files, ...files.map((name) => dirname(name))]);
}

/** Write the folder of an analysis, complete or not at all: its files and manifest.json with their sha256. */
export function writeAnalysisFolder(
  path: string,
  record: AnalysisRecord,
  files: readonly AnalysisFile[],
  options: { readonly replace: boolean },
): void {
  createFolder(dirname(path));
  writeFolderAtomic(
    path,
    (folder) => {
      const hashes: Record<string, string> = {};
      for (const [name, content] of files) {
        const file = join(folder, name);
        createFolder(dirname(file));
        writeFileAtomic(file, content);
        hashes[name] = sha256File(file);
      }
      const manifest = { program: "rbm-rg", version: VERSION, ...record, files: hashes };
      writeFileAtomic(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    },
    options,
  );
}
