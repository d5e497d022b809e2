import { join } from "node:path";
import { DataError } from "../../errors/index.js";
import { parseCsv, writeFileAtomic } from "../../io/index.js";
import { reconstructionFigure } from "../fields/field-figures.js";
import { reconstructions } from "../fields/reconstruction-table.js";
import type { Summary } from "../summary-table.js";
import { writeFigure } from "../write-figure.js";
import type { RunAnalysis } from "./analysis.js";
import { fieldValue, tableRows } from "./write-files.js";

/** Where the reconstructions of a run are summed up. */
const table = (run: string): string => join(run, "reconstructions.csv");

/** Columns that summary.csv repeats for every depth, by their name there. */
const summarized: Readonly<Record<string, string>> = {
  reconstruction_accuracy: "accuracy",
  reconstruction_accuracy_error: "accuracy_error",
  majority_accuracy: "majority_accuracy",
  block_accuracy: "block_accuracy",
  reconstructed_energy: "reconstructed_energy",
  reconstructed_energy_error: "reconstructed_energy_error",
  reconstructed_abs_magnetization: "reconstructed_abs_magnetization",
};

/**
 * `reconstruct`: configurations passed up to every layer and down again (Mehta & Schwab 2014), beside what they were:
 * share of equal spins, energy and |m| in reconstructions.csv, and a few of them as a figure.
 */
export const reconstruct: RunAnalysis = {
  phase: "reconstructing configurations",
  async write({ folder, config, dataset, layers }, kernels, share) {
    const { lattice, rows } = dataset;
    if (lattice === null) {
      throw new DataError(
        `${folder} was trained on data without a lattice; the energy of a reconstruction is not defined. Leave out the analysis reconstruct, or give data.lattice.`,
      );
    }
    const { table: csv, examples } = await reconstructions(layers, rows, lattice, kernels, share);
    writeFileAtomic(table(folder), csv);
    const sizes = layers.map(({ hidden }) => hidden);
    const figure = await reconstructionFigure(
      parseCsv(examples, "the reconstructions").rows,
      lattice.shape,
      sizes,
      config.name,
    );
    return ["reconstructions.csv", ...writeFigure(folder, "reconstructions", figure, examples)];
  },
  summarize(folder) {
    return tableRows(table(folder)).flatMap((row): Summary =>
      Object.entries(summarized).map(([name, column]) => [
        `${name}_${row["depth"]}`,
        fieldValue(row[column]),
      ]),
    );
  },
};
