import { existsSync, readdirSync, rmSync } from "node:fs";
import { OutputError } from "../errors/index.js";
import { createFolder, requireWritable } from "../io/index.js";
import {
  readManifest,
  runIdentity,
  runLayout,
  type ExperimentConfig,
  type RunManifest,
} from "../runs/index.js";

/** What was found where a run is to be written. */
export type RunState =
  { readonly kind: "new" } | { readonly kind: "finished"; readonly manifest: RunManifest };

/**
 * Look at the folder of a run before anything is computed. Free or empty: new. The same run, finished: finished. The
 * same run, unfinished: new (it is started again). Anything else is refused with an OutputError unless `force`.
 */
export function inspectRunFolder(
  run: string,
  config: ExperimentConfig,
  dataSha256: string | null,
  force: boolean,
): RunState {
  requireWritable(run);
  if (!existsSync(run) || readdirSync(run).length === 0 || force) return { kind: "new" };
  if (!existsSync(runLayout.manifest(run))) {
    throw new OutputError(
      `${run} is not empty and not a run folder. Choose another -o, or --force to replace it.`,
    );
  }
  const manifest = readManifest(run);
  if (manifest.identity !== runIdentity(config, dataSha256)) {
    throw new OutputError(
      `${run} holds a different run (status ${manifest.status}). Choose another -o to keep it, or --force to replace it; ` +
        `its configuration is in ${runLayout.config(run)}.`,
    );
  }
  return manifest.status === "finished" ? { kind: "finished", manifest } : { kind: "new" };
}

/** Empty the run's folder, or make it. Only called once every check has passed. */
export function clearRunFolder(run: string): void {
  createFolder(run);
  for (const name of readdirSync(run)) rmSync(`${run}/${name}`, { recursive: true, force: true });
}
