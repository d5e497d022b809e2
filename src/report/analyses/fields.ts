import { join } from "node:path";
import { DataError } from "../../errors/index.js";
import { parseCsv, writeFileAtomic } from "../../io/index.js";
import type { Kernels } from "../../kernels/index.js";
import { fieldControlsCsv } from "../fields/control-table.js";
import { hiddenCorrelationsFigure, type Row, tilingFigure } from "../fields/field-figures.js";
import { measureLayers } from "../layer-fields.js";
import { correlationsCsv, layersCsv } from "../layers-table.js";
import { receptiveFieldsCsv } from "../receptive-fields-table.js";
import type { Summary } from "../summary-table.js";
import { writeFigure } from "../write-figure.js";
import type { AnalyzedRun, ReportShare, RunAnalysis } from "./analysis.js";
import { fieldValue, tableRows } from "./write-files.js";

/** Where the measures of the layers are, and those of the controls of their weights. */
const table = (run: string): string => join(run, "fields.csv");
const controlTable = (run: string): string => join(run, "fields-controls.csv");

/** Share of the work that measuring the trained layers is. */
const MEASURING_SHARE = 0.6;

/** Columns of fields.csv that summary.csv repeats for every layer, by their name there. */
const summarized: Readonly<Record<string, string>> = {
  beyond_null_fraction: "beyond_null_fraction",
  participation_ratio_lower: "median_participation_ratio_lower",
  participation_ratio_upper: "median_participation_ratio_upper",
  core_radius: "median_core_radius",
  core_radius_lower: "median_core_radius_lower",
  core_radius_upper: "median_core_radius_upper",
  correlation_length: "median_correlation_length",
  exponential_length: "median_exponential_length",
  gaussian_length: "median_gaussian_length",
  response_core_radius: "median_response_core_radius",
  site_overlap: "median_site_overlap",
  shuffled_radius_lower: "shuffled_radius_lower",
  shuffled_radius_upper: "shuffled_radius_upper",
  coverage: "coverage",
  coverage_random: "coverage_random",
  nearest_center: "nearest_center",
  nearest_center_random: "nearest_center_random",
};

/** Columns of fields-controls.csv that summary.csv repeats for every layer but the first. */
const growths = ["growth", "growth_lower", "growth_upper"] as const;

/**
 * `fields`: what every layer looks like (fields.csv), the same of the controls of its weights (fields-controls.csv), the
 * centre map of the tiling and the correlations between hidden units as figures.
 */
export const fields: RunAnalysis = {
  phase: "measuring the fields",
  async write(run, kernels, share) {
    const { folder, config } = run;
    const shape = latticeShape(run);
    const layers = await measured(run, shape, kernels, share);
    writeFileAtomic(table(folder), layersCsv(layers));
    const stack = { layers: run.layers, measured: layers, shape, key: run.key };
    const initialDeviation = config.training.initialDeviation;
    writeFileAtomic(controlTable(folder), fieldControlsCsv({ ...stack, initialDeviation }));
    await share(1);
    const [units, pairs] = [receptiveFieldsCsv(layers), correlationsCsv(layers)];
    const tiling = await tilingFigure(rowsOf(units), shape, config.name);
    const correlations = await hiddenCorrelationsFigure(rowsOf(pairs), config.name);
    return [
      "fields.csv",
      "fields-controls.csv",
      ...writeFigure(folder, "tiling", tiling, units),
      ...writeFigure(folder, "hidden-correlations", correlations, pairs),
    ];
  },
  summarize(folder) {
    return [
      ...tableRows(table(folder)).flatMap(layerColumns),
      ...tableRows(controlTable(folder)).flatMap(growthColumns),
    ];
  },
};

function latticeShape({ dataset, folder }: AnalyzedRun): readonly number[] {
  if (dataset.lattice !== null) return dataset.lattice.shape;
  throw new DataError(
    `${folder} was trained on data without a lattice; fields have no place or size. Leave out the analysis fields, or give data.lattice.`,
  );
}

async function measured(run: AnalyzedRun, shape: readonly number[], kernels: Kernels, share: ReportShare) {
  await share(0);
  const layers = measureLayers(run.layers, run.dataset.rows, shape, kernels);
  await share(MEASURING_SHARE);
  return layers;
}

function layerColumns(row: Row): Summary {
  return Object.entries(summarized).map(([name, column]) => [
    `${name}_${row["layer"]}`,
    fieldValue(row[column]),
  ]);
}

/** `growth_2` of the trained layers, `random_composition_growth_2` of those composed at random. */
function growthColumns(row: Row): Summary {
  const prefixes: Readonly<Record<string, string>> = {
    trained: "",
    "random-composition": "random_composition_",
  };
  const prefix = prefixes[row["weights"]] as string | undefined;
  if (prefix === undefined || row["layer"] === "1") return [];
  return growths.map((name) => [`${prefix}${name}_${row["layer"]}`, fieldValue(row[name])]);
}

function rowsOf(csv: string): readonly Row[] {
  return parseCsv(csv, "a table of this run").rows;
}
