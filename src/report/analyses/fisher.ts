import { join } from "node:path";
import { defaultFisher } from "../../analysis/fisher/defaults.js";
import { fisherFiles } from "../fisher/fisher-report.js";
import { measureFisher } from "../fisher/measure-fisher.js";
import type { RunAnalysis } from "./analysis.js";
import { fieldValue, tableRows, writeFilesOfRun } from "./write-files.js";

const table = (run: string): string => join(run, "fisher.csv");

/** Columns of fisher.csv that summary.csv repeats for both distributions. */
const summarized = [
  "trace",
  "largest_eigenvalue",
  "effective_dimension_unbiased",
  "effective_dimension_unbiased_half",
  "resolved",
  "decades",
  "distance_from_uniform",
  "verdict",
] as const;

/**
 * `fisher`: spectra of the Fisher matrices of the first layer, of the marginal and of the joint distribution, as
 * `rbm-rg fisher` finds them without flags: fisher.csv and figures/fisher-*.
 */
export const fisher: RunAnalysis = {
  phase: "measuring Fisher matrices",
  async write({ folder, config, dataset, layers, key }, kernels, share) {
    await share(0);
    const [parameters] = layers;
    const subject = { run: config.name, layer: 1, parameters, config, dataset };
    const measured = await measureFisher(subject, defaultFisher, key, kernels);
    await share(0.9);
    return writeFilesOfRun(folder, "fisher", await fisherFiles([measured]));
  },
  summarize(folder) {
    return tableRows(table(folder)).flatMap((row) =>
      summarized.map(
        (column) => [`fisher_${row["distribution"]}_${column}`, fieldValue(row[column])] as const,
      ),
    );
  },
};
