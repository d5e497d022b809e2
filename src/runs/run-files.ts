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

/** Bring the manifest's list of files up to date after outputs were rewritten. */
export function refreshManifest(run: string): RunManifest {
  const files = hashOutputs(run);
  // Read only now: a run that is still going on may have written it meanwhile.
  const manifest = { ...readManifest(run), files };
  writeManifest(run, manifest);
  return manifest;
}
