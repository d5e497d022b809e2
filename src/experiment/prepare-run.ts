import { existsSync, readdirSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { ConfigError, DataError, OutputError, UsageError } from "../errors/index.js";
import { readJson, requireWritable } from "../io/index.js";
import { MAX_EXACT_UNITS } from "../rbm/estimators/index.js";
import {
  analysisIssues,
  type Dataset,
  type ExperimentConfig,
  type FileSource,
  isFileSource,
  latticeIssues,
  readDataset,
  readManifest,
  runIdentity,
  runLayout,
  type RunManifest,
} from "../runs/index.js";
import { isRemains } from "./run-folder.js";
import { requireObjectiveData } from "./training-target.js";

/** An experiment whose input has been read and whose folder has been looked at; nothing is written yet. */
export interface PreparedRun {
  /** The data of a file source. */
  readonly external: Dataset | null;
  /** The run's identity: its configuration and data. */
  readonly identity: string;
  /** The manifest of the same run, if it has been started before. */
  readonly former: RunManifest | null;
}

/**
 * Everything that can be found wrong before anything is created: unreadable or malformed data, layers too large for the
 * estimator, a folder that cannot be written or holds something else.
 */
export function prepareRun(
  config: ExperimentConfig,
  run: string,
  options: { readonly force: boolean },
): PreparedRun {
  if (run.trim() === "") throw new UsageError("-o needs the name of a folder.");
  const external = isFileSource(config.data) ? readSource(config.data) : null;
  if (external !== null) {
    requireEnumerable(config, external.rows.columns);
    requireAnalysable(config, external);
    requireObjectiveData(config, external);
  }
  if (isFileSource(config.data)) requireOutside(config.data.path, run);
  const identity = runIdentity(config, external?.sha256 ?? null);
  const former = inspectRunFolder(run, identity, options.force);
  // A finished run is only to be told of.
  if (former?.status !== "finished") requireWritable(run);
  return { external, identity, former };
}

function readSource({ path, lattice, packed }: FileSource): Dataset {
  return readDataset(path, lattice, packed ?? null);
}

function requireEnumerable({ training, hidden }: ExperimentConfig, visible: number): void {
  const sizes = [visible, ...hidden];
  const layer = hidden.findIndex((m, index) => Math.min(sizes[index], m) > MAX_EXACT_UNITS);
  if (training.estimator !== "exact" || layer < 0) return;
  throw new ConfigError([
    {
      path: "train.estimator",
      message: `"exact" enumerates the smaller side of a layer, at most ${MAX_EXACT_UNITS} units; layer ${layer + 1} is ${sizes[layer]} × ${sizes[layer + 1]}; use cd or pcd`,
    },
  ]);
}

function requireAnalysable(config: ExperimentConfig, { rows, lattice }: Dataset): void {
  const issues = [
    ...analysisIssues(
      config.analyses,
      config.hidden,
      rows.columns,
      lattice === null ? null : lattice.kind === "torus",
    ),
    ...(lattice === null ? latticeIssues(config) : []),
  ];
  if (issues.length > 0) throw new ConfigError(issues);
}

/** The data must not lie where the run is written: replacing the run would delete them. */
function requireOutside(data: string, run: string): void {
  const path = relative(resolve(run), resolve(data));
  if (path === "" || !path.startsWith("..")) {
    throw new OutputError(
      `-o ${run} contains the data ${data}, which a run there could delete. Choose another -o.`,
    );
  }
}

/**
 * The manifest of the same run in the folder `run`, finished or not; null where a run is to begin: in no folder, in an
 * empty one, or with `force`. OutputError if the folder holds another run, which `force` allows, or is not a run folder,
 * which nothing allows.
 */
export function inspectRunFolder(run: string, identity: string, force: boolean): RunManifest | null {
  if (!existsSync(run)) return null;
  if (!statSync(run).isDirectory())
    throw new OutputError(`${run} is a file; expected a folder. Choose another -o.`);
  if (readdirSync(run).every(isRemains)) return null;
  if (!isRunFolder(run)) {
    throw new OutputError(
      `${run} is not empty and not a run folder. Choose another -o, or empty it yourself.`,
    );
  }
  if (force) return null;
  const manifest = readManifest(run);
  if (manifest.identity !== identity) {
    throw new OutputError(
      `${run} holds a different run (status ${manifest.status}). Choose another -o to keep it, or --force to replace it; ` +
        `its configuration is in ${runLayout.config(run)}.`,
    );
  }
  return manifest;
}

function isRunFolder(run: string): boolean {
  if (!existsSync(runLayout.manifest(run))) return false;
  try {
    return (readJson(runLayout.manifest(run)) as { readonly kind?: unknown } | null)?.kind === "run";
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}
