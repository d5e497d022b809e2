import {
  blockReconstruction,
  compareReconstructions,
  reconstruct,
  type ReconstructionRow,
} from "../../analysis/stack-reconstruction.js";
import { type CsvValue, formatCsv } from "../../io/index.js";
import type { Lattice } from "../../ising/lattice.js";
import { type IsingModel, isingModel } from "../../ising/model.js";
import {
  type BitMatrix,
  bitMatrix,
  gatherRows,
  type Kernels,
  type LayerArrays,
  unpackRow,
} from "../../kernels/index.js";
import { mean, variance } from "../../statistics/index.js";

/** Columns of reconstructions.csv: a row for every layer up to which the configurations are passed. */
const columns = [
  "depth",
  "units",
  "compression",
  "configurations",
  "accuracy",
  "accuracy_error",
  "overlap",
  "majority_accuracy",
  "block_accuracy",
  "energy",
  "energy_error",
  "reconstructed_energy",
  "reconstructed_energy_error",
  "abs_magnetization",
  "abs_magnetization_error",
  "reconstructed_abs_magnetization",
  "reconstructed_abs_magnetization_error",
  "magnetization_correlation",
] as const;

/** Configurations that are reconstructed, spread evenly over the data. */
const CONFIGURATIONS = 500;

/** Configurations that are drawn. */
const DRAWN = 4;

/** Significant digits of the means that are drawn. */
const DIGITS = 4;

/** The reconstructions of a run's data through its layers. */
export interface Reconstructions {
  /** reconstructions.csv. */
  readonly table: string;
  /** A few of them site by site: the data behind the figure. */
  readonly examples: string;
}

/**
 * Pass configurations up to each layer in turn and down again, and compare. Errors are standard deviations of the mean over
 * the configurations, as if these were independent. Cost: configurations × the weights of all layers, once a layer.
 */
export async function reconstructions(
  layers: readonly LayerArrays[],
  data: BitMatrix,
  lattice: Lattice,
  kernels: Kernels,
  share: (done: number) => void | Promise<void>,
): Promise<Reconstructions> {
  const rows = spreadRows(data, Math.min(CONFIGURATIONS, data.rows));
  const model = isingModel(lattice, 0); // the energy per bond does not depend on the coupling
  const table: (readonly CsvValue[])[] = [];
  const drawn = Math.min(DRAWN, rows.rows);
  const tiles = [spinsOf(rows, drawn)];
  for (const [index, { hidden }] of layers.entries()) {
    const means = reconstruct(layers.slice(0, index + 1), rows, kernels);
    const compared = compareReconstructions(model, rows, means);
    table.push([
      index + 1,
      hidden,
      lattice.sites / hidden,
      rows.rows,
      ...summarize(compared, blockAccuracy(rows, model, hidden)),
    ]);
    tiles.push(means.slice(0, drawn * lattice.sites));
    await share((index + 1) / layers.length);
  }
  return { table: formatCsv(columns, table), examples: examplesCsv(tiles, lattice, drawn) };
}

/** Accuracy of reconstructing from the means of as many blocks as units; null where such blocks do not tile the lattice. */
function blockAccuracy(rows: BitMatrix, model: IsingModel, units: number): number | null {
  const { shape, sites } = model.lattice;
  const side = shape.length === 1 ? sites / units : Math.sqrt(sites / units);
  if (shape.some((length) => !Number.isInteger(length / side)) || !Number.isInteger(side)) return null;
  const blocks = compareReconstructions(model, rows, blockReconstruction(rows, shape, side));
  return mean(blocks.map(({ accuracy }) => accuracy));
}

function summarize(rows: readonly ReconstructionRow[], ofBlocks: number | null): readonly CsvValue[] {
  const values = (of: (row: ReconstructionRow) => number): readonly number[] => rows.map(of);
  const withError = (of: (row: ReconstructionRow) => number): readonly CsvValue[] => [
    mean(values(of)),
    rows.length < 2 ? null : Math.sqrt(variance(values(of)) / rows.length),
  ];
  return [
    ...withError(({ accuracy }) => accuracy),
    mean(values(({ overlap }) => overlap)),
    mean(values(({ majorityAccuracy }) => majorityAccuracy)),
    ofBlocks,
    ...withError(({ energy }) => energy),
    ...withError(({ reconstructedEnergy }) => reconstructedEnergy),
    ...withError(({ magnetization }) => magnetization),
    ...withError(({ reconstructedMagnetization }) => reconstructedMagnetization),
    correlation(
      values(({ magnetization }) => magnetization),
      values(({ reconstructedMagnetization }) => reconstructedMagnetization),
    ),
  ];
}

/** Pearson's correlation; NaN where one of the two does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [aa, bb, ab] = [0, 0, 0];
  a.forEach((value, index) => {
    const [x, y] = [value - meanA, b[index] - meanB];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  });
  return ab / Math.sqrt(aa * bb);
}

function spreadRows(data: BitMatrix, count: number): BitMatrix {
  const order = Uint32Array.from({ length: count }, (_, k) => Math.floor((k * data.rows) / count));
  const out = bitMatrix(count, data.columns);
  gatherRows(data, order, 0, out);
  return out;
}

function spinsOf(rows: BitMatrix, count: number): Float64Array {
  const spins = new Float64Array(count * rows.columns);
  for (let row = 0; row < count; row++) {
    unpackRow(rows, row, spins.subarray(row * rows.columns, (row + 1) * rows.columns));
  }
  return spins;
}

/** A row per site: `configuration_1` … as they are, then `depth_1_configuration_1` … as they come back. */
function examplesCsv(tiles: readonly Float64Array[], { shape, sites }: Lattice, drawn: number): string {
  const names = tiles.flatMap((_, depth) =>
    Array.from({ length: drawn }, (__, k) => `${depth === 0 ? "" : `depth_${depth}_`}configuration_${k + 1}`),
  );
  const rows = Array.from({ length: sites }, (_, site): readonly CsvValue[] => [
    site,
    shape.length === 1 ? site : Math.floor(site / shape[1]),
    shape.length === 1 ? null : site % shape[1],
    ...tiles.flatMap((tile) =>
      Array.from({ length: drawn }, (__, k) => Number(tile[k * sites + site].toPrecision(DIGITS))),
    ),
  ]);
  return formatCsv(["site", "x", "y", ...names], rows);
}
