import { join, resolve } from "node:path";
import * as v from "valibot";
import { DataError } from "../errors/index.js";
import { pathStatus, readJson, sha256File } from "../io/index.js";
import { type Dataset, readDataset } from "./dataset-folder.js";
import { runLayout } from "./run-layout.js";
import type { RunManifest } from "./run-manifest.js";

/** The files of a run that its reports and analyses are made from; its configurations are known by their own hash. */
const INPUTS =
  /^((weights|visible-bias|hidden-bias)-\d+\.npy|metrics\.csv|data\/(observables\.csv|manifest\.json))$/;

/** Tables of analyses, which only the report reads. */
const ANALYSES =
  /^(evaluation|pca|fisher|fields|fields-controls|reconstructions|effective-hamiltonian|venn-diagram|flow-verdicts)\.csv$/;

/** Of the manifest of a dataset. */
const listed = v.object({ files: v.record(v.string(), v.string()) });

/** The dataset of a run and where it is. */
export interface RunDataset {
  readonly dataset: Dataset;
  /** The folder or file it was read from. */
  readonly source: string;
}

/**
 * Throw a DataError that names the first file of a run which results are derived from and which is not the one that the
 * manifest lists: parameters of layers, metrics.csv, what is known of its own dataset and, for a report, the tables of its
 * analyses. A run that is running has no list yet.
 */
export function requireIntactInputs(
  run: string,
  { status, files }: RunManifest,
  result: "report" | "analysis",
): void {
  if (status === "running") return;
  for (const [file, sha256] of Object.entries(files)) {
    const read = INPUTS.test(file) || (result === "report" && ANALYSES.test(file));
    if (read) requireUnchanged(join(run, file), sha256, runLayout.manifest(run), remedy(run));
  }
}

/** Read the dataset that a manifest names, as it is now; null if the run has none yet. */
function readManifestDataset(run: string, { dataset }: RunManifest): Dataset | null {
  if (dataset === null) return null;
  return readDataset(resolve(run, dataset.path), dataset.lattice, dataset.packed ?? null);
}

/**
 * Read the dataset of a run; null if it has none yet. DataError if it is not the one that the run was trained on, or its
 * observables are not those of its manifest.
 */
export function readRunDataset(run: string, manifest: RunManifest): RunDataset | null {
  if (manifest.dataset === null) return null;
  const dataset = readManifestDataset(run, manifest)!;
  const { path, sha256 } = manifest.dataset;
  const source = resolve(run, path);
  if (dataset.sha256 !== sha256) throw changed(source, runLayout.manifest(run), remedy(run));
  requireIntactObservables(source);
  return { dataset, source };
}

/** Reports and evaluations compare with the observables in the folder of a dataset. */
function requireIntactObservables(source: string): void {
  const [manifest, observables] = [join(source, "manifest.json"), join(source, "observables.csv")];
  if (pathStatus(manifest)?.isFile() !== true) return;
  const parsed = v.safeParse(listed, readJson(manifest));
  const sha256 = parsed.success ? parsed.output.files["observables.csv"] : undefined;
  if (sha256 === undefined) return;
  requireUnchanged(observables, sha256, manifest, "Put the original back, or sample the dataset again.");
}

function requireUnchanged(path: string, sha256: string, manifest: string, advice: string): void {
  if (pathStatus(path)?.isFile() !== true) {
    throw new DataError(`${path} is missing, which ${manifest} lists. ${advice}`);
  }
  if (sha256File(path) !== sha256) throw changed(path, manifest, advice);
}

function changed(path: string, manifest: string, advice: string): DataError {
  return new DataError(
    `${path} is not as it was written: its sha256 is not the one in ${manifest}. ${advice}`,
  );
}

function remedy(run: string): string {
  return `Put the original back, or train again with --force; rbm-rg verify ${run} names everything that has changed.`;
}
