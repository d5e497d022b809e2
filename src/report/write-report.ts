import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../errors/index.js";
import { formatCsv, parseCsv, readText, writeFileAtomic } from "../io/index.js";
import type { Kernels, LayerArrays } from "../kernels/index.js";
import { logLikelihoodPerUnit } from "../rbm/log-likelihood.js";
import {
  type Dataset,
  type ExperimentConfig,
  manifestConfig,
  type MetricsRow,
  readControlledLayers,
  readManifest,
  readMetrics,
  readRunDataset,
  refreshManifest,
  requireIntactInputs,
  runLayout,
} from "../runs/index.js";
import { analysisSummary } from "./analyses/index.js";
import { type Figure, mosaicFigure, smallMultiplesFigure } from "./figures/index.js";
import { diagnoseLayer } from "./layer-diagnosis.js";
import { type LayerFields, measureLayers } from "./layer-fields.js";
import { drawnFields, fieldsCsvParts, receptiveFieldsCsv } from "./receptive-fields-table.js";
import { type Summary, summarize, summaryCsv } from "./summary-table.js";
import { measureUnplacedFields, unplacedFieldsCsv } from "./unplaced-fields.js";
import { writeFigure } from "./write-figure.js";

/** Units drawn in a mosaic; its CSV holds all of them. */
const MAX_TILES = 100;

/** What a report says, for callers that go on with it. */
export interface RunReport {
  readonly summary: Summary;
  readonly layers: readonly LayerFields[];
  /** What the last metrics say of the layers, a line each. */
  readonly diagnoses: readonly string[];
}

/**
 * (Re)write tables and figures of a run, finished or still running, from what its folder holds: receptive_fields.csv,
 * summary.csv and figures/ (SVG, PNG and the data behind each as CSV); of a run without layers summary.csv alone. Trains
 * nothing. `pause` is awaited now and then, so that a caller can hear signals, or throw to stop. DataError if what it rests on
 * is not as it was written; the manifest's hashes of what it writes are renewed, no others.
 */
export async function writeReport(
  run: string,
  kernels: Kernels,
  pause: () => void | Promise<void> = () => undefined,
): Promise<RunReport> {
  const manifest = readManifest(run);
  const config = manifestConfig(manifest);
  const trains = config.hidden.length > 0 && config.training.epochs > 0;
  const unbegun = trains && !existsSync(runLayout.metrics(run));
  requireIntactInputs(run, manifest, "report");
  const data = readRunDataset(run, manifest);
  if (data === null || unbegun) {
    throw new DataError(`${run} has no finished epoch yet; there is nothing to report. Try again later.`);
  }
  const { dataset, source } = data;
  const metrics = trains || manifest.imported !== undefined ? readMetrics(run) : [];
  await pause();
  const layers = readControlledLayers(run, config, dataset.lattice);
  const fields =
    dataset.lattice === null || layers.length === 0
      ? []
      : measureLayers(layers, dataset.rows, dataset.lattice.shape, kernels);
  const unplaced = dataset.lattice === null ? measureUnplacedFields(layers, dataset.rows, kernels) : [];
  const logLikelihood = finalLogLikelihood(config, dataset, metrics, layers, kernels);
  const unknown = { fields: unplaced, logLikelihood };
  // Under a control of the weights the fields are not of the layers that the metrics tell of.
  const described = config.control === undefined ? metrics : [];
  const ofLayers = summarize(config, dataset, described, fields, unknown, dataEnergy(source));
  const summary = [...ofLayers, ...analysisSummary(run)];
  const hasFields = layers.length > 0;
  if (hasFields) {
    const csv = fields.length > 0 ? receptiveFieldsCsv(fields) : unplacedFieldsCsv(unplaced);
    writeFileAtomic(runLayout.receptiveFields(run), csv);
  }
  writeFileAtomic(runLayout.summary(run), summaryCsv(summary));
  await pause();
  const figures = await writeFigures(run, config, metrics, fields, dataset, pause);
  const tables = ["summary.csv", ...(hasFields ? ["receptive_fields.csv"] : [])];
  refreshManifest(run, [...tables, ...figures]);
  const diagnoses = config.hidden.flatMap((_, index) =>
    diagnoseLayer(config, dataset, described, index + 1).map(({ text }) => `layer ${index + 1}: ${text}`),
  );
  return { summary, layers: fields, diagnoses };
}

/** Of the first layer over data of an unknown distribution, where the last metrics know ln Z_λ. */
function finalLogLikelihood(
  { control }: ExperimentConfig,
  { model, rows }: Dataset,
  metrics: readonly MetricsRow[],
  layers: readonly LayerArrays[],
  kernels: Kernels,
): number | null {
  const [layer] = layers as readonly (LayerArrays | undefined)[];
  const value = metrics.filter((row) => row.layer === 1).at(-1)?.logPartition ?? null;
  if (model !== null || control !== undefined || layer === undefined || value === null) return null;
  return logLikelihoodPerUnit(layer, rows, null, { value, error: 0 }, kernels).value;
}

/** Energy per site of a dataset folder, beside its exact value. */
function dataEnergy(source: string): { value: number; error: number; exact: number | null } | null {
  const path = join(source, "observables.csv");
  if (!existsSync(path)) return null;
  const row = parseCsv(readText(path), path).rows.find(({ observable }) => observable === "energy");
  if (row === undefined) return null;
  return {
    value: Number(row["value"]),
    error: Number(row["error"]),
    exact: row["exact"] === "" ? null : Number(row["exact"]),
  };
}

/** Returns the paths of what it has written. */
async function writeFigures(
  run: string,
  config: ExperimentConfig,
  metrics: readonly MetricsRow[],
  layers: readonly LayerFields[],
  dataset: Dataset,
  pause: () => void | Promise<void>,
): Promise<readonly string[]> {
  // Layers that were trained elsewhere have one row each, and no curve.
  const written =
    metrics.length === 0 || config.training.epochs === 0
      ? []
      : [...writeFigure(run, "losses", await lossFigure(config, metrics), lossCsv(metrics))];
  for (const layer of layers) {
    await pause();
    const [name, shape] = [`receptive-fields-${layer.layer}`, dataset.lattice?.shape ?? []];
    const drawn = drawnFields(layer);
    const figure = await fieldFigure(config, layer, drawn, dataset);
    written.push(...writeFigure(run, name, figure, fieldsCsvParts(drawn, layer.units, shape)));
  }
  return written;
}

function fieldFigure(
  config: ExperimentConfig,
  layer: LayerFields,
  fields: Float64Array,
  { lattice, model }: Dataset,
): Promise<Figure> {
  const coupling = model === null ? "" : `, K = ${Number(model.coupling.toPrecision(6))}`;
  const localized = layer.measures.filter((field) => field.localized).length;
  return mosaicFigure({
    title: `Receptive fields of layer ${layer.layer}: ${layer.units} hidden units`,
    subtitle:
      `${config.name}: lattice ${lattice?.shape.join("×") ?? "unknown"}${coupling}, objective ${config.training.objective}, ` +
      `L1 ${config.training.penalty.l1}; ${localized} of ${layer.units} units localised (PR < 30 sites, radius < 4 sites)`,
    fields,
    units: layer.units,
    shape: lattice?.shape ?? [],
    colorLabel:
      layer.layer === 1
        ? "weight W_{ij} (dimensionless)"
        : `product of weights r^{(${layer.layer})} (dimensionless)`,
    maxUnits: MAX_TILES,
    percentile: 99.9,
  });
}

function lossFigure(config: ExperimentConfig, metrics: readonly MetricsRow[]): Promise<Figure> {
  const ofLayer = [...new Set(metrics.map(({ layer }) => layer))].map((layer) => ({
    name: `layer ${layer}`,
    rows: metrics.filter((row) => row.layer === layer),
  }));
  const panel = (title: string, yLabel: string, value: (row: MetricsRow) => number | null) => ({
    title,
    xLabel: "epoch",
    yLabel,
    series: ofLayer
      .map(({ name, rows }) => ({
        name,
        x: rows.map(({ epoch }) => epoch),
        y: rows.map((row) => value(row) ?? NaN),
      }))
      .filter(({ y }) => y.some(Number.isFinite)),
  });
  const panels = [
    panel("Reconstruction error", "mean (v − ⟨v|h⟩)² per unit", (row) => row.reconstructionError),
    panel("KL divergence", "KL divergence per spin (nats)", (row) => row.klPerSpin),
    panel("Size of the weights", "root mean square W (dimensionless)", (row) => row.weightRms),
  ].filter(({ series }) => series.length > 0);
  return smallMultiplesFigure({ title: `Training of ${config.name}`, panels });
}

function lossCsv(metrics: readonly MetricsRow[]): string {
  return formatCsv(
    ["layer", "epoch", "reconstruction_error", "kl_per_spin", "weight_rms"],
    metrics.map((row) => [row.layer, row.epoch, row.reconstructionError, row.klPerSpin, row.weightRms]),
  );
}
