import { formatCsv, parseCsv, readText } from "../io/index.js";
import type { Assessment } from "../rbm/assessment.js";
import { runLayout } from "./run-layout.js";

/** One row of metrics.csv: the state of a layer after an epoch. */
export interface MetricsRow extends Assessment {
  /** Counted from 1 at the bottom. */
  readonly layer: number;
  /** Counted from 1 in each layer. */
  readonly epoch: number;
  /** Mean (v − ⟨v|h⟩)² per site, in the model's own units. */
  readonly reconstructionError: number;
}

/** Columns of metrics.csv and the fields behind them. Wall-clock times are in the manifest: this table is reproducible. */
const columns: readonly (readonly [name: string, field: keyof MetricsRow])[] = [
  ["layer", "layer"],
  ["epoch", "epoch"],
  ["reconstruction_error", "reconstructionError"],
  ["log_partition", "logPartition"],
  ["log_partition_error", "logPartitionError"],
  ["free_energy_target", "freeEnergyTarget"],
  ["free_energy_model", "freeEnergyModel"],
  ["free_energy_gap", "freeEnergyGap"],
  ["kl_per_spin", "klPerSpin"],
  ["mean_d_data", "meanDData"],
  ["mean_d_model", "meanDModel"],
  ["condition_kl", "conditionKl"],
  ["condition_rg", "conditionRg"],
  ["weight_rms", "weightRms"],
  ["magnetization_model", "magnetizationModel"],
  ["positive_fraction", "positiveFraction"],
  ["log_partition_reliable", "logPartitionReliable"],
  ["free_energy_target_error", "freeEnergyTargetError"],
  ["free_energy_gap_error", "freeEnergyGapError"],
  ["free_energy_lower", "freeEnergyLower"],
  ["free_energy_upper", "freeEnergyUpper"],
  ["kl_per_spin_error", "klPerSpinError"],
  ["mean_d_data_error", "meanDDataError"],
  ["mean_d_model_error", "meanDModelError"],
  ["variance_d_data", "varianceDData"],
  ["condition_kl_noise", "conditionKlNoise"],
  ["condition_rg_noise", "conditionRgNoise"],
  ["squared_norm", "squaredNorm"],
  ["hidden_information", "hiddenInformation"],
];

export function metricsCsv(rows: readonly MetricsRow[]): string {
  return formatCsv(
    columns.map(([name]) => name),
    rows.map((row) => columns.map(([, field]) => row[field])),
  );
}

/** Read metrics.csv of the run in a folder; empty fields become null. */
export function readMetrics(run: string): readonly MetricsRow[] {
  const path = runLayout.metrics(run);
  return parseMetrics(readText(path), path);
}

/** The rows of the text of a metrics.csv; `metricsCsv` makes the same text of them. */
export function parseMetrics(text: string, origin: string): readonly MetricsRow[] {
  return parseCsv(text, origin).rows.map((record) => {
    const row: Partial<Record<keyof MetricsRow, number | null>> = {};
    for (const [name, field] of columns)
      row[field] = (record[name] ?? "") === "" ? null : Number(record[name]);
    return row as MetricsRow;
  });
}
