import { join } from "node:path";
import { analyzePca, type PcaAnalysis } from "../../analysis/pca/analysis.js";
import { affordableMomentRows, defaultMean } from "../../analysis/pca/defaults.js";
import { compareWithLinearTheory, type ModeComparison } from "../../analysis/pca/linear-theory.js";
import { bitObservations } from "../../analysis/pca/observations.js";
import { pcaFiles } from "../pca/pca-report.js";
import { pcaSummary } from "../pca/pca-tables.js";
import type { AnalyzedRun, RunAnalysis } from "./analysis.js";
import { fieldValue, tableRows, writeFilesOfRun } from "./write-files.js";

const table = (run: string): string => join(run, "pca.csv");

/** Steps that `analyzePca` tells of. */
const STEPS = 4;

/** Columns of pca.csv that summary.csv repeats. */
const summarized = [
  "modes_above_noise",
  "leading_share",
  "inverse_alpha_rank",
  "inverse_alpha_rank_error",
  "inverse_alpha_momentum",
  "inverse_alpha_momentum_error",
  "alpha",
  "fourth_moment_all_modes",
  "fourth_moment_one_mode",
  "fourth_moment_one_mode_error",
  "loop_size_one_mode",
  "verdict",
] as const;

/**
 * `pca`: principal components of the data, read as a momentum-shell renormalization group, as `rbm-rg pca` does it without
 * flags; beside the weights of the first layer, if there is one: pca.csv and figures/pca-*.
 */
export const pca: RunAnalysis = {
  phase: "finding principal components",
  async write({ folder, config, dataset, layers, key }, _, share) {
    const { rows, model, lattice } = dataset;
    const shape = lattice?.shape ?? null;
    const mean = defaultMean(model);
    const options = { mean, standardize: false, shape, momentRows: affordableMomentRows(rows.columns), key };
    let steps = 0;
    const analysis = await analyzePca(bitObservations(rows), options, () => share(steps++ / STEPS));
    const comparison = comparisonOf(analysis, layers);
    const summary = [["mean", mean] as const, ...pcaSummary(analysis)];
    const files = await pcaFiles({ analysis, name: config.name, shape, comparison, summary });
    return writeFilesOfRun(folder, "pca", files);
  },
  summarize(folder) {
    const row = tableRows(table(folder)).at(0);
    if (row === undefined) return [];
    return summarized
      .filter((column) => column in row)
      .map((column) => [`pca_${column}`, fieldValue(row[column])] as const);
  },
};

/** Null without a layer, or where columns that do not vary have no principal components beside their weights. */
function comparisonOf(
  { units, eigen }: PcaAnalysis,
  layers: AnalyzedRun["layers"],
): readonly ModeComparison[] | null {
  const first = layers.at(0);
  return first?.visible === units.count ? compareWithLinearTheory(eigen, first) : null;
}
