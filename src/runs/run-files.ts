import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { sha256File } from "../io/index.js";
import { runLayout } from "./run-layout.js";
import { readManifest, type RunManifest, writeManifest } from "./run-manifest.js";

/** sha256 of every output of a run, which its manifest and checkpoints are not, keyed by path in the folder, sorted. */
export function hashOutputs(run: string): Record<string, string> {
  const manifest = runLayout.manifest(run);
  const checkpoints = runLayout.checkpoints(run);
  const paths = readdirSync(run, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && !entry.name.startsWith(".") && join(entry.parentPath) !== checkpoints,
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path !== manifest);
  return Object.fromEntries(
    paths.sort().map((path) => [relative(run, path).split(sep).join("/"), sha256File(path)]),
  );
}

/**
 * Bring the manifest's list of files up to date after some outputs, by their paths in the folder, were written anew. All
 * others keep the hashes they had: a file that was damaged meanwhile stays a changed one. The manifest of a run that is still
 * going on is its process's alone, which lists all files at the end.
 */
export function refreshManifest(run: string, written: readonly string[]): RunManifest {
  const former = readManifest(run);
  if (former.status === "running") return former;
  const hashes = written.map((file) => [file, sha256File(join(run, file))] as const);
  const files = Object.entries({ ...former.files, ...Object.fromEntries(hashes) });
  const manifest = { ...former, files: Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1))) };
  writeManifest(run, manifest);
  return manifest;
}
