import { existsSync } from "node:fs";
import { join } from "node:path";
import { evaluateLayer, type Evaluation } from "../../analysis/evaluation/index.js";
import { formatCsv, parseCsv, readText, writeFileAtomic } from "../../io/index.js";
import { type IsingLogPartition, isingLogPartition } from "../../ising/free-energy.js";
import { defaultIntegration } from "../../ising/thermodynamic-integration.js";
import type { Kernels } from "../../kernels/index.js";
import { deriveKey, seedKey } from "../../random/index.js";
import { doubtGiven } from "../../rbm/given-log-partition.js";
import { logLikelihoodPerUnit } from "../../rbm/log-likelihood.js";
import { isFileSource } from "../../runs/index.js";
import { compareCorrelations, correlationRows, writeCorrelations } from "../evaluation/correlations.js";
import { freeEnergyRows, logPartitionRows } from "../evaluation/free-energy-rows.js";
import { observableRows } from "../evaluation/observable-rows.js";
import { columns, plainRow, type Row } from "../evaluation/rows.js";
import type { Summary } from "../summary-table.js";
import type { AnalyzedRun, ReportShare, RunAnalysis } from "./analysis.js";

/** Share of the work that the free energy of the data may be, where it has to be integrated. */
const INTEGRATION_SHARE = 0.3;

/** Where the evaluation of a run is. */
const TABLE = "evaluation.csv";
const table = (run: string): string => join(run, TABLE);

/** Quantities of evaluation.csv that summary.csv repeats. */
const summarized = [
  "log_partition",
  "log_likelihood_per_unit",
  "free_energy_gap",
  "kl_per_spin",
  "energy",
  "specific_heat",
  "abs_magnetization",
  "susceptibility",
  "xi",
] as const;

/**
 * `evaluate`: ln Z of the first layer by every estimator, free energies, bounds and divergences, and the thermodynamics and
 * correlations of the layer's own samples beside exact values, or those of the data where none are known: evaluation.csv, and
 * the correlation function as a figure. Of data of an unknown distribution ln Z and the likelihood alone.
 */
export const evaluate: RunAnalysis = {
  phase: "evaluating the model",
  async write(run, kernels, share) {
    const { layers, dataset, source, key, folder } = run;
    const { model, rows: data } = dataset;
    const known = await targetLogPartition(run, kernels, (done) => share(INTEGRATION_SHARE * done));
    const target = model === null ? null : { model, logPartition: known };
    const [layer] = layers;
    const pause = (done: number) => share(INTEGRATION_SHARE + (1 - INTEGRATION_SHARE) * done);
    const dataChains = dataset.chains ?? null;
    const evaluation = await evaluateLayer({ layer, data, dataChains, target, key, kernels, pause });
    const { correlations: found } = evaluation;
    const correlations = model === null || found === null ? null : compareCorrelations(found, model, dataset);
    const rows = [
      ...logPartitionRows(evaluation),
      ...(known === null ? [] : freeEnergyRows(evaluation, known)),
      ...(model === null
        ? [likelihoodRow(run, evaluation, kernels)]
        : observableRows(evaluation, model, source)),
      ...(correlations === null ? [] : correlationRows(correlations, evaluation)),
    ];
    writeFileAtomic(table(folder), formatCsv(columns, rows));
    return [TABLE, ...(correlations === null ? [] : await writeCorrelations(folder, correlations))];
  },
  summarize(folder) {
    if (!existsSync(table(folder))) return [];
    const { rows } = parseCsv(readText(table(folder)), table(folder));
    const known = new Map(rows.map((row) => [row["quantity"], row]));
    return summarized.flatMap((name): Summary => {
      const row = known.get(name);
      if (row === undefined) return [];
      const number = (text: string): number | null => (text === "" ? null : Number(text));
      return [
        [`model_${name}`, number(row["value"])],
        [`model_${name}_error`, number(row["error"])],
        ...(row["reference"] === ""
          ? []
          : ([[`model_${name}_reference`, number(row["reference"])]] as const)),
      ];
    });
  },
};

/** How well the layer fits data of an unknown distribution. */
function likelihoodRow(
  { layers, dataset }: AnalyzedRun,
  { logPartition }: Evaluation,
  kernels: Kernels,
): Row {
  const { rows, chains } = dataset;
  const likelihood = logLikelihoodPerUnit(layers[0], rows, chains ?? null, logPartition, kernels);
  return plainRow(
    "log_likelihood_per_unit",
    likelihood,
    "⟨ln P_λ⟩/n over the data; −0.693 says nothing is learned",
  );
}

/**
 * ln Z of the distribution behind the data: what the user says, else exact, else integrated, with the numbers that training
 * would have integrated it with; null if it is not known.
 */
async function targetLogPartition(
  { config, dataset, layers }: AnalyzedRun,
  kernels: Kernels,
  share: ReportShare,
): Promise<IsingLogPartition | null> {
  const { data, seed, training } = config;
  const { model } = dataset;
  if (isFileSource(data) && data.logPartition !== null) {
    const given = data.logPartition;
    const doubt = doubtGiven({ ...given, ...layers[0], model, maxWeight: training.maxWeight });
    return { ...given, doubt, method: "as given" };
  }
  if (model === null) return null;
  const key = deriveKey(seedKey(seed), "logPartition");
  return await isingLogPartition(model, key, kernels, defaultIntegration, (done, total) =>
    share(done / total),
  );
}
