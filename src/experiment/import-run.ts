import { join, relative, resolve } from "node:path";
import { DataError, OutputError } from "../errors/index.js";
import { contentHash, createFolder, requireWritable, sha256File, writeFileAtomic } from "../io/index.js";
import type { BitMatrix, LayerArrays } from "../kernels/index.js";
import { deriveKey, seedKey } from "../random/index.js";
import { isEnumerable } from "../rbm/assessment-effort.js";
import { assess } from "../rbm/assessment.js";
import { exactLogPartition } from "../rbm/log-partition/exact.js";
import { modelRows } from "../rbm/model-rows.js";
import { reconstructionError } from "../rbm/reconstruction.js";
import { sampleHiddenLayer } from "../rbm/stack.js";
import { type RunReport, writeReport } from "../report/write-report.js";
import {
  type Dataset,
  type ExperimentConfig,
  isFileSource,
  metricsCsv,
  type MetricsRow,
  readDataset,
  runIdentity,
  runLayout,
  withRunLock,
  writeLayer,
} from "../runs/index.js";
import type { EnergySign, Orientation } from "../runs/interchange/convention.js";
import { npyPartsOfBits } from "../runs/npy-bits.js";
import type { Environment, LockedEnvironment } from "./environment.js";
import { makeDataset } from "./make-dataset.js";
import { inspectRunFolder } from "./prepare-run.js";
import { clearRunFolder } from "./run-folder.js";
import { newManifest, RunRecord } from "./run-record.js";

/** Layers that were trained elsewhere. */
export interface ImportRequest {
  /** In this program's convention, from the bottom up. */
  readonly layers: readonly LayerArrays[];
  /** The files they come from. */
  readonly files: readonly string[];
  readonly energy: EnergySign;
  readonly orientation: Orientation;
  /** What the run is to say of itself: the sizes and units of the layers, no epochs, and the data. */
  readonly config: ExperimentConfig;
  /** Draw so many configurations from the first layer itself, into the file that `config.data` names; null: the data are there, or are sampled. */
  readonly ownSamples: number | null;
}

/** What became of it. */
export type ImportOutcome =
  { readonly kind: "already-there" } | { readonly kind: "imported"; readonly report: RunReport };

/** Where a run keeps configurations of its own first layer. */
export function ownSamplesPath(run: string): string {
  return join(runLayout.dataset(run), "configurations.npy");
}

/**
 * Write a finished run of layers that were trained elsewhere, so that reports and analyses work on it. A run of the same
 * layers, data and options in the same folder is left as it is. Everything is checked before anything is written: OutputError
 * if the folder holds something else, DataError or ConfigError if layers and data do not fit.
 */
export async function importRun(
  request: ImportRequest,
  run: string,
  environment: Environment,
  options: { readonly force: boolean },
): Promise<ImportOutcome> {
  const { config, files, layers, ownSamples } = request;
  const source = isFileSource(config.data) && ownSamples === null ? config.data : null;
  const external = source === null ? null : readDataset(source.path, source.lattice, source.packed ?? null);
  if (external !== null) requireFittingData(layers, external, source!.path);
  for (const file of [...files, ...(source === null ? [] : [source.path])]) requireOutside(file, run);
  const identity = importIdentity(request, external?.sha256 ?? null);
  if (inspectRunFolder(run, identity, options.force)?.status === "finished") return { kind: "already-there" };
  requireWritable(run);
  createFolder(run);
  return withRunLock(run, environment.timestamp(), async (requireLock) => {
    inspectRunFolder(run, identity, options.force);
    const locked = { ...environment, requireLock };
    const record = new RunRecord(run, importManifest(request, identity, environment), locked);
    try {
      clearRunFolder(run, []);
      record.writeConfig(config);
      const dataset = external ?? (await record.time("sampling", () => sampleData(request, run, locked)));
      record.setDataset(config, dataset);
      const report = await record.time("report", () => writeRun(request, dataset, run, locked));
      record.finish("finished", null);
      return { kind: "imported", report };
    } catch (error) {
      record.finish("failed", error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
}

function importIdentity(
  { config, files, energy, orientation, ownSamples }: ImportRequest,
  data: string | null,
) {
  const sha256 = files.map((file) => sha256File(file));
  // Where a run keeps its own samples says nothing of what it is.
  const own = ownSamples === null ? config : { ...config, data: { ...config.data, path: "own samples" } };
  return contentHash({ imported: sha256, energy, orientation, ownSamples, run: runIdentity(own, data) });
}

function importManifest(
  { config, files, energy, orientation }: ImportRequest,
  identity: string,
  environment: Environment,
) {
  const hashed = files.map((file) => ({ path: resolve(file), sha256: sha256File(file) }));
  return {
    ...newManifest(config, identity, environment),
    imported: { files: hashed, energy, orientation },
  };
}

function requireFittingData([layer]: readonly LayerArrays[], { rows }: Dataset, path: string): void {
  if (rows.columns === layer.visible) return;
  throw new DataError(
    `${path} has ${rows.columns} columns, and the weights ${layer.visible} visible units; expected as many.`,
  );
}

/** What is read must not lie where the run is written: `--force` would delete it. */
function requireOutside(file: string, run: string): void {
  const path = relative(resolve(run), resolve(file));
  if (path !== "" && path.startsWith("..")) return;
  throw new OutputError(`-o ${run} contains ${file}, which a run there could delete. Choose another -o.`);
}

/** Configurations of the Ising model that the user asks for, or of the first layer itself. */
async function sampleData(
  { config, layers, ownSamples }: ImportRequest,
  run: string,
  environment: LockedEnvironment,
): Promise<Dataset> {
  if (!isFileSource(config.data)) {
    const made = await makeDataset(config.data, config.seed, runLayout.dataset(run), environment, {
      replace: true,
      checkpoint: runLayout.samplingCheckpoint(run),
      beforeWriting: environment.requireLock,
    });
    return made.dataset;
  }
  const { progress, kernels } = environment;
  progress.start("sampling the model", 1);
  const key = deriveKey(seedKey(config.seed), "analysis");
  const rows = await modelRows(layers[0], ownSamples!, key, kernels, () => progress.update(0));
  progress.finish();
  environment.requireLock();
  const path = ownSamplesPath(run);
  createFolder(runLayout.dataset(run));
  writeFileAtomic(path, npyPartsOfBits(rows, [layers[0].visible]));
  return readDataset(path, config.data.lattice);
}

async function writeRun(
  { layers, config }: ImportRequest,
  dataset: Dataset,
  run: string,
  { kernels, progress, requireLock }: LockedEnvironment,
): Promise<RunReport> {
  const metrics: MetricsRow[] = [];
  let rows = dataset.rows;
  for (const [index, layer] of layers.entries()) {
    const key = deriveKey(seedKey(config.seed), "layer", index + 1);
    requireLock();
    writeLayer(run, index + 1, layer, index === 0 ? (dataset.lattice?.shape ?? null) : null);
    metrics.push(assessImported(layer, rows, index + 1, config, { key, kernels }));
    if (index + 1 < layers.length)
      rows = sampleHiddenLayer(layer, rows, deriveKey(key, "hiddenData"), kernels);
  }
  requireLock();
  writeFileAtomic(runLayout.metrics(run), metricsCsv(metrics));
  progress.start("writing the report", 1);
  const report = await writeReport(run, kernels, requireLock);
  progress.finish();
  return report;
}

/** A row of metrics.csv as training would end with; ln Z_λ where it can be enumerated. */
function assessImported(
  layer: LayerArrays,
  rows: BitMatrix,
  number: number,
  { training }: ExperimentConfig,
  { key, kernels }: { readonly key: ReturnType<typeof seedKey>; readonly kernels: Environment["kernels"] },
): MetricsRow {
  const logPartition = isEnumerable(layer)
    ? { value: exactLogPartition(layer, kernels), error: 0, doubt: null }
    : null;
  return {
    ...assess(layer, null, null, kernels, { rows, logPartition, biases: training.bias }),
    layer: number,
    epoch: 0,
    reconstructionError: reconstructionError(layer, rows, deriveKey(key, "analysis"), kernels),
  };
}
