import { join } from "node:path";
import { defaultCouplings } from "../../analysis/couplings/defaults.js";
import { pathStatus } from "../../io/index.js";
import { readMetrics, runLayout } from "../../runs/index.js";
import { couplingsFiles } from "../couplings/couplings-report.js";
import { measureCouplings } from "../couplings/measure-couplings.js";
import { vennRows } from "../couplings/venn-rows.js";
import type { Summary } from "../summary-table.js";
import type { RunAnalysis } from "./analysis.js";
import { fieldValue, tableRows, writeFilesOfRun } from "./write-files.js";

/** Share of the work that the couplings are; the rest is the Venn diagram. */
const MEASURING_SHARE = 0.9;

const table = (run: string): string => join(run, "effective-hamiltonian.csv");
const vennTable = (run: string): string => join(run, "venn-diagram.csv");

/** Columns of the run's own row of venn-diagram.csv that summary.csv repeats. */
const memberships = ["rbm_fit", "variational_rg", "exact_rg", "good"] as const;

/**
 * `couplings`: the effective Hamiltonians of the visible and the hidden spins of the first layer, and its place in Liu's
 * Venn diagram, as `rbm-rg couplings` finds them without flags: effective-hamiltonian.csv, strongest-pairs.csv,
 * venn-diagram.csv and figures/couplings.
 */
export const couplings: RunAnalysis = {
  phase: "expanding Hamiltonians",
  async write({ folder, config, dataset, layers, key }, kernels, share) {
    const subject = { layers: layers.slice(0, 1), dataset };
    const { reach, rows } = defaultCouplings;
    const options = { reach, rows, largestWeights: Infinity };
    const measured = await measureCouplings(subject, options, key, kernels, (done) =>
      share(MEASURING_SHARE * done),
    );
    const metrics = pathStatus(runLayout.metrics(folder)) === undefined ? [] : readMetrics(folder);
    const venn = vennRows(config.name, subject, measured.hidden, metrics, rows, kernels);
    const coupling = dataset.model?.coupling ?? null;
    const files = await couplingsFiles({ name: config.name, couplings: measured, venn, coupling });
    return writeFilesOfRun(folder, null, files);
  },
  summarize(folder) {
    const nearest = tableRows(table(folder))
      .filter(({ side, term }) => side === "visible" && term === "pair 1,0")
      .map(({ method, coupling }) => [`couplings_nearest_${method}`, fieldValue(coupling)] as const);
    const own = tableRows(vennTable(folder)).at(0);
    const places: Summary =
      own === undefined ? [] : memberships.map((name) => [`couplings_${name}`, fieldValue(own[name])]);
    return [...nearest, ...places];
  },
};
