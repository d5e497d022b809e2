import { defaultFisher } from "../analysis/fisher/defaults.js";
import { ResourceError } from "../errors/index.js";
import { parseLattice } from "../ising/lattice.js";
import type { Kernels } from "../kernels/index.js";
import { MAX_EXACT_UNITS } from "../rbm/estimators/index.js";
import { type Dataset, type ExperimentConfig, isFileSource } from "../runs/index.js";

const MIB = 2 ** 20;

/**
 * What a run of next to no size takes, the pictures of one layer included, and what each helping thread and each further
 * layer's picture adds. These and the share of tables are measured on Linux with Node 20; everything else is counted.
 */
const BASE = 142 * MIB;
const HELPER = 7 * MIB;
const PICTURE = 28 * MIB;

/** Text waiting for the garbage collector: so much for every number in a table, up to a limit. */
const TABLE_NUMBER = 40;
const TABLE_LIMIT = 80 * MIB;

/** Numbers kept of every sample: observables, energies, the order of the batches. */
const SAMPLE_NUMBERS = 44;

/** Rows of which means are taken at a time: reconstruction errors of an epoch, hidden means of a report. */
const RECONSTRUCTION_ROWS = 200;
const REPORT_ROWS = 500;

/** Square matrices of numbers that these analyses hold at a time, and what their pictures add; measured in nine runs. */
const PCA_MATRICES = 8;
const FISHER_MATRICES = 5;
const ANALYSIS_PICTURES = 75 * MIB;

/** Units drawn in a mosaic. */
const DRAWN_UNITS = 100;

/** The most that a 32-bit WebAssembly memory can hold. */
const WASM_LIMIT = 2 ** 32;

/** How many configurations there are, and of how many units. */
export interface DataSize {
  readonly rows: number;
  readonly columns: number;
}

/** What a run will need, in bytes. */
export interface MemoryEstimate {
  /** Resident memory of the process at its peak, report and pictures included. */
  readonly peak: number;
  /** The part of it in the memory of the kernels, where WebAssembly sets the limit. */
  readonly kernels: number;
}

/** The size of an experiment's data: of `external` if they come from a file. */
export function dataSize({ data }: ExperimentConfig, external: Dataset | null): DataSize {
  if (external !== null) return external.rows;
  if (isFileSource(data)) throw new TypeError("the data of a file source must have been read");
  return { rows: data.samples, columns: parseLattice(data.lattice).sites };
}

/**
 * Estimate the memory of a run. It was within 12 % of the peak measured in 18 runs on 4×4 to 512×512 lattices, with 200 to
 * 100,000 samples, one to four layers and up to 17 million weights; four of them
 * had no part in the constants (test/experiment/memory-estimate.test.ts).
 */
export function estimateMemory(config: ExperimentConfig, size: DataSize, threads: number): MemoryEstimate {
  const { rows, columns } = size;
  const sizes = [columns, ...config.hidden];
  const layers = config.hidden.map((hidden, index) => ({ visible: sizes[index], hidden }));
  const total = (bytes: (layer: LayerSize) => number): number =>
    layers.reduce((sum, layer) => sum + bytes(layer), 0);
  const kernels = Math.max(
    samplingBytes(config, columns, threads),
    ...layers.map((layer) => layerBytes(config, layer, rows)),
    ...layers.slice(0, 1).map((layer) => reportBytes(layer, rows)),
  );
  // Sampled and read again for the report; above the first layer, the hidden states that the next layer learns.
  const samples = 2 * bitBytes(rows, columns) + total(({ hidden }) => bitBytes(rows, hidden));
  const weights = 2 * total(({ visible, hidden }) => 4 * visible * hidden);
  // The mean over the last epochs, in double precision, of one layer at a time.
  const averaged = (config.training.averagedEpochs ?? 0) > 0;
  const average = Math.max(0, ...layers.map(({ visible, hidden }) => (averaged ? 8 * visible * hidden : 0)));
  const fields = total(({ hidden }) => 8 * columns * hidden);
  const colors = Math.max(0, ...layers.map(({ hidden }) => 16 * columns * Math.min(hidden, DRAWN_UNITS)));
  const numbers = total(({ visible, hidden }) => (visible + columns) * hidden);
  const peak =
    BASE +
    HELPER * (threads - 1) +
    PICTURE * Math.max(0, layers.length - 1) +
    kernels +
    samples +
    SAMPLE_NUMBERS * rows +
    weights +
    average +
    fields +
    colors +
    analysisBytes(config, columns) +
    Math.min(TABLE_LIMIT, TABLE_NUMBER * numbers);
  return { peak, kernels };
}

interface LayerSize {
  readonly visible: number;
  readonly hidden: number;
}

function bitBytes(rows: number, columns: number): number {
  return 4 * rows * Math.ceil(columns / 32);
}

/** Chains as bits in groups of 128, neighbours, and the scratch of every thread. */
function samplingBytes({ data }: ExperimentConfig, sites: number, threads: number): number {
  if (isFileSource(data)) return 0;
  const chains = 16 * Math.ceil(Math.min(data.chains, data.samples) / 128);
  return sites * (chains + 16 + 4 + 16 * threads);
}

/** One layer in training: weights, direction and the optimiser's memory; batch and model samples with their means. */
function layerBytes({ training: t }: ExperimentConfig, { visible, hidden }: LayerSize, rows: number): number {
  // Samples of the model, where there are any, and groups of the data are averaged after every epoch, into two matrices.
  const assessed = t.estimator === "pcd" || t.estimateLogPartition === true;
  const matrices = (t.optimizer === "adam" ? 4 : 3) + (assessed ? 2 : 0);
  const batch = Math.min(t.batchSize, rows);
  const model = t.estimator === "pcd" ? t.chains : batch;
  const phase = (count: number): number =>
    bitBytes(count, visible) + bitBytes(count, hidden) + 4 * count * hidden + digitBytes(count, visible);
  const reconstructed = Math.min(RECONSTRUCTION_ROWS, rows);
  const smaller = Math.min(visible, hidden);
  const enumerated = t.estimator === "exact" && smaller <= MAX_EXACT_UNITS ? 48 * 2 ** smaller : 0;
  return (
    4 * matrices * visible * hidden +
    bitBytes(batch, visible) +
    phase(batch) +
    phase(model) +
    4 * reconstructed * visible +
    enumerated
  );
}

/** Square matrices of the larger analysis: columns² for principal components, samples² for Fisher matrices. */
function analysisBytes({ analyses }: ExperimentConfig, columns: number): number {
  const numbers = Math.max(
    analyses.includes("pca") ? PCA_MATRICES * columns ** 2 : 0,
    analyses.includes("fisher") ? FISHER_MATRICES * defaultFisher.samples ** 2 : 0,
  );
  return numbers === 0 ? 0 : ANALYSIS_PICTURES + 8 * numbers;
}

/** The kernels of the report: the first layer's weights and the hidden means of some rows. */
function reportBytes({ visible, hidden }: LayerSize, rows: number): number {
  const count = Math.min(REPORT_ROWS, rows);
  return 4 * visible * hidden + bitBytes(count, visible) + 4 * count * hidden + digitBytes(count, visible);
}

/** The kernels look up five units at a time, a byte each. */
function digitBytes(rows: number, columns: number): number {
  return (rows * columns) / 5;
}

/** Throw a ResourceError, before anything is computed, if the run needs more than the kernels can have. */
export function requireKernelMemory(config: ExperimentConfig, size: DataSize, kernels: Kernels): void {
  const estimate = estimateMemory(config, size, kernels.threads);
  if (kernels.name !== "wasm" || estimate.kernels <= WASM_LIMIT) return;
  const gibibytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(3))} GiB`;
  throw new ResourceError(
    `this run would need about ${gibibytes(estimate.kernels)} in the kernels (${gibibytes(estimate.peak)} in all), and ` +
      `WebAssembly memory ends at ${gibibytes(WASM_LIMIT)}. Use a smaller lattice, fewer hidden units (model.hidden), a ` +
      `smaller batch (train.batch_size) or fewer chains (train.chains), train.optimizer sgd instead of adam, or ` +
      `--kernels reference.`,
  );
}
