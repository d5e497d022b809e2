import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  axisProfile,
  correlationFunction,
  difference,
  type Evaluation,
  evaluateLayer,
  type Measured,
} from "../../analysis/evaluation/index.js";
import { type CsvValue, formatCsv, parseCsv, readText, writeFileAtomic } from "../../io/index.js";
import { exactCorrelations, exactReference } from "../../ising/exact/index.js";
import { type IsingLogPartition, isingLogPartition } from "../../ising/free-energy.js";
import type { IsingModel } from "../../ising/model.js";
import { defaultIntegration } from "../../ising/thermodynamic-integration.js";
import type { Kernels } from "../../kernels/index.js";
import { deriveKey } from "../../random/index.js";
import { compareWithExact, type Dataset, isFileSource } from "../../runs/index.js";
import { curvesFigure } from "../figures/index.js";
import type { Summary } from "../summary-table.js";
import { writeFigure } from "../write-figure.js";
import type { AnalyzedRun, RunAnalysis } from "./analysis.js";

/** Share of the work that the free energy of the data may be, where it has to be integrated. */
const INTEGRATION_SHARE = 0.3;

/** Where the evaluation of a run is. */
const table = (run: string): string => join(run, "evaluation.csv");

const columns = [
  "quantity",
  "value",
  "error",
  "tau",
  "ess",
  "reference",
  "reference_error",
  "z",
  "deviation",
  "remark",
];

type Row = readonly CsvValue[];

/** Quantities of evaluation.csv that summary.csv repeats. */
const summarized = [
  "log_partition",
  "free_energy_gap",
  "kl_per_spin",
  "energy",
  "specific_heat",
  "abs_magnetization",
  "susceptibility",
  "xi",
] as const;

/**
 * `evaluate`: ln Z of the first layer by every estimator, free energies, bounds and divergences, and the thermodynamics of
 * the layer's own samples beside exact values, or those of the data where none are known: evaluation.csv, and the
 * correlation function as a figure.
 */
export const evaluate: RunAnalysis = {
  phase: "evaluating the model",
  async write(run, kernels, share) {
    const { layers, dataset, key, folder } = run;
    const known = await targetLogPartition(run, kernels, (done) => share(INTEGRATION_SHARE * done));
    const target = dataset.model === null ? null : { model: dataset.model, logPartition: known };
    const [layer] = layers;
    const pause = (done: number) => share(INTEGRATION_SHARE + (1 - INTEGRATION_SHARE) * done);
    const evaluation = await evaluateLayer({ layer, data: dataset.rows, target, key, kernels, pause });
    writeFileAtomic(table(folder), formatCsv(columns, evaluationRows(evaluation, known, run)));
    if (dataset.model !== null && evaluation.correlations !== null) {
      await writeCorrelations(folder, evaluation.correlations, dataset.model, dataset);
    }
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

/** ln Z of the distribution behind the data: what the user says, else exact, else integrated; null if it is not known. */
async function targetLogPartition(
  { config, dataset, key }: AnalyzedRun,
  kernels: Kernels,
  share: (done: number) => void | Promise<void>,
): Promise<IsingLogPartition | null> {
  const { data } = config;
  if (isFileSource(data) && data.logPartition !== null) {
    return { ...data.logPartition, doubt: null, method: "as given" };
  }
  if (dataset.model === null) return null;
  return await isingLogPartition(
    dataset.model,
    deriveKey(key, "logPartition", 2),
    kernels,
    defaultIntegration,
    (done, total) => share(done / total),
  );
}

function evaluationRows(
  evaluation: Evaluation,
  known: IsingLogPartition | null,
  run: AnalyzedRun,
): readonly Row[] {
  return [
    ...evaluation.logPartitions.map(({ estimator, value, error, doubt }) =>
      plainRow(`log_partition_${estimator.replaceAll("-", "_")}`, { value, error }, doubt),
    ),
    plainRow("log_partition", evaluation.logPartition, evaluation.logPartition.estimator),
    ...(known === null ? [] : freeEnergyRows(evaluation, known)),
    ...observableRows(evaluation, run),
  ];
}

function freeEnergyRows(
  { freeEnergies: f, logPartition }: Evaluation,
  known: IsingLogPartition,
): readonly Row[] {
  const target = { value: -known.value, error: known.error };
  const model = { value: -logPartition.value, error: logPartition.error };
  return [
    plainRow("free_energy_target", target, `F, ${known.doubt ?? known.method}`),
    plainRow("free_energy_model", model, "F_λ"),
    plainRow("free_energy_gap", difference(target, model), "F − F_λ"),
    ...(f === null
      ? []
      : [
          plainRow("mean_d_data", f.meanDData, "⟨D⟩_P, D = H − H_λ"),
          plainRow("mean_d_model", f.meanDModel, "⟨D⟩_λ"),
          plainRow("bound_lower", f.lowerBound, "F_λ + ⟨D⟩_P ≤ F"),
          plainRow("bound_upper", f.upperBound, "F ≤ F_λ + ⟨D⟩_λ"),
          plainRow("kl_per_spin", f.klPerSpin, "KL(P‖P_λ)/n"),
          plainRow("reverse_kl_per_spin", f.reverseKlPerSpin, "KL(P_λ‖P)/n"),
        ]),
  ];
}

function plainRow(quantity: string, { value, error }: Measured, remark: string | null): Row {
  return [quantity, value, error, null, null, null, null, null, null, remark];
}

/** Thermodynamics of the model; what has no exact value is compared with the data. */
function observableRows(
  { observables, splitRhat, chains, length }: Evaluation,
  run: AnalyzedRun,
): readonly Row[] {
  const { model } = run.dataset;
  if (observables === null || model === null) return [];
  const measured = observablesOfData(run.source);
  const rows = compareWithExact(observables, exactReference(model)).map((row): Row => {
    const data = measured.get(row.name);
    const [reference, referenceError] = row.exact === null ? [data?.value, data?.error] : [row.exact, 0];
    const known = reference !== undefined && referenceError !== undefined;
    const spread = known ? Math.sqrt(row.error * row.error + referenceError * referenceError) : NaN;
    return [
      row.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      row.value,
      row.error,
      row.tau,
      row.ess,
      reference,
      referenceError,
      known && spread > 0 ? (row.value - reference) / spread : null,
      known && reference !== 0 ? row.value / reference - 1 : null,
      row.exact !== null ? "exact" : known ? "data" : null,
    ];
  });
  const remark = `${chains} chains, ${length.rounds} configurations each, ${length.spacing} Gibbs updates apart`;
  return [...rows, plainRow("split_rhat", { value: splitRhat ?? NaN, error: NaN }, remark)];
}

/** Observables of a dataset folder; none of a file. */
function observablesOfData(source: string): ReadonlyMap<string, Measured> {
  const path = join(source, "observables.csv");
  if (!existsSync(path)) return new Map();
  const { rows } = parseCsv(readText(path), path);
  return new Map(
    rows.map((row) => [row["observable"], { value: Number(row["value"]), error: Number(row["error"]) }]),
  );
}

/** C(r) of the model's samples beside that of the Ising model, exact where it is known, else of the data. */
async function writeCorrelations(
  run: string,
  { values, errors }: NonNullable<Evaluation["correlations"]>,
  model: IsingModel,
  { rows }: Dataset,
): Promise<void> {
  const { shape } = model.lattice;
  const exact = exactCorrelations(model);
  const reference = exact === null ? correlationFunction(rows, shape).values : axisProfile(exact, shape);
  const name = exact === null ? "data" : "exact";
  const distances = Array.from(values, (_, r) => r);
  const csv = formatCsv(
    ["r", "model", "model_error", name],
    distances.map((r) => [r, values[r], errors[r], reference[r]]),
  );
  const figure = await curvesFigure({
    title: "Correlations of the model beside those of the Ising model",
    xLabel: "distance r along the axes (sites)",
    yLabel: "C(r) = ⟨v(x) v(x + r)⟩",
    series: [
      { name: "samples of the RBM", x: distances, y: values, error: errors },
      { name: `Ising, ${exact === null ? "the data" : "exact"}`, x: distances, y: reference },
    ],
  });
  writeFigure(run, "correlations", figure, csv);
}
