import { formatCsv, type CsvValue } from "../io/index.js";
import { latticeName } from "../ising/lattice.js";
import {
  type Dataset,
  type ExperimentConfig,
  isFileSource,
  type MetricsRow,
  type ObservableRow,
} from "../runs/index.js";
import { median } from "../statistics/index.js";
import { diagnoseLayer } from "./layer-diagnosis.js";
import type { LayerFields } from "./layer-fields.js";
import type { UnplacedFields, UnplacedUnit } from "./unplaced-fields.js";

/** Figures of data that are not known to come from an Ising model, or have no lattice. */
export interface UnplacedResults {
  /** One entry a layer where the data have no lattice, else none. */
  readonly fields: readonly UnplacedFields[];
  /** ⟨ln P_λ⟩ per visible unit over the data of an unknown distribution, nats; null where it or ln Z_λ is not known. */
  readonly logLikelihood: number | null;
}

/** The columns of summary.csv in order, with their values. */
export type Summary = readonly (readonly [column: string, value: CsvValue])[];

/** One run in one row: the configuration's main keys, those of training only if there is any, then the final figures of each layer. */
export function summarize(
  config: ExperimentConfig,
  dataset: Dataset,
  metrics: readonly MetricsRow[],
  layers: readonly LayerFields[],
  unplaced: UnplacedResults,
  energy: Pick<ObservableRow, "value" | "error" | "exact"> | null,
): Summary {
  return [
    ...configColumns(config, dataset),
    ["energy", energy?.value],
    ["energy_error", energy?.error],
    ["energy_exact", energy?.exact],
    ...config.hidden.flatMap((_, index) => [
      ...layerColumns(index + 1, metrics, layers[index] ?? null),
      ...unplacedColumns(index + 1, unplaced),
    ]),
    ...config.hidden.map((_, index): Summary[number] => {
      const findings = diagnoseLayer(config, dataset, metrics, index + 1);
      return [`diagnosis_${index + 1}`, findings.map(({ text }) => text).join("; ")];
    }),
  ];
}

export function summaryCsv(summary: Summary): string {
  return formatCsv(
    summary.map(([column]) => column),
    [summary.map(([, value]) => value)],
  );
}

function configColumns(config: ExperimentConfig, dataset: Dataset): Summary {
  return [
    ["name", config.name],
    ["seed", config.seed],
    ...sourceColumns(config, dataset),
    ["hidden", config.hidden.join(";")],
    ...(config.hidden.length === 0 ? [] : trainingColumns(config)),
  ];
}

function trainingColumns({ training: t, control }: ExperimentConfig): Summary {
  return [
    ...(control === undefined ? [] : ([["weight_control", control]] as const)),
    ["units", t.units],
    ["bias", t.bias],
    ["objective", t.objective],
    ["gauge", t.objective === "free-energy" ? t.gauge : null],
    ["mu", t.objective === "hybrid" ? t.mu : null],
    ["estimator", t.estimator],
    ["steps", t.steps],
    ["chains", t.estimator === "pcd" ? t.chains : null],
    ["epochs", t.epochs],
    ["batch_size", t.batchSize],
    ["optimizer", t.optimizer],
    ["learning_rate", t.learningRate],
    ["rate_schedule", t.rateSchedule],
    ["momentum", t.momentum],
    ["l1", t.penalty.l1],
    ["l1_form", t.penalty.l1Form],
    ["l2", t.penalty.l2],
  ];
}

function sourceColumns({ data }: ExperimentConfig, { lattice, model, control, rows }: Dataset): Summary {
  const coupling = control === undefined ? model?.coupling : control.source.coupling;
  return [
    ["data", isFileSource(data) ? data.path : null],
    ["lattice", lattice === null ? null : latticeName(lattice)],
    ["temperature", coupling === undefined ? null : coupling === 0 ? "inf" : 1 / coupling],
    ["coupling", coupling],
    ["field", control === undefined ? model?.field : control.source.field],
    ["samples", rows.rows],
    ...(control === undefined ? [] : ([["data_control", control.name]] as const)),
  ];
}

function layerColumns(layer: number, metrics: readonly MetricsRow[], fields: LayerFields | null): Summary {
  const last = metrics.filter((row) => row.layer === layer).at(-1);
  const own: Summary = [
    [`reconstruction_error_${layer}`, last?.reconstructionError],
    [`log_partition_${layer}`, last?.logPartition],
    [`kl_per_spin_${layer}`, last?.klPerSpin],
    [`weight_rms_${layer}`, last?.weightRms],
  ];
  return fields === null ? own : [...own, ...fieldColumns(layer, fields)];
}

function unplacedColumns(layer: number, { fields, logLikelihood }: UnplacedResults): Summary {
  const likelihood = layer === 1 && logLikelihood !== null ? logLikelihood : null;
  const known: Summary = likelihood === null ? [] : [["log_likelihood_per_unit_1", likelihood]];
  const measures = fields.find((each) => each.layer === layer)?.measures;
  if (measures === undefined) return known;
  const alive = measures.filter(({ norm }) => norm > 0);
  const middle = (value: (unit: UnplacedUnit) => number): number | null =>
    alive.length === 0 ? null : median(alive.map(value));
  return [
    ...known,
    [`participation_ratio_${layer}`, middle(({ participationRatio }) => participationRatio)],
    [`sign_coherence_${layer}`, middle(({ signCoherence }) => signCoherence)],
    [`dead_units_${layer}`, measures.length - alive.length],
  ];
}

function fieldColumns(layer: number, { measures, blocks, units }: LayerFields): Summary {
  const alive = measures.filter(({ norm }) => norm > 0);
  const middle = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values));
  return [
    [`localized_fraction_${layer}`, measures.filter(({ localized }) => localized).length / units],
    [`participation_ratio_${layer}`, middle(alive.map(({ participationRatio }) => participationRatio))],
    [`radius_of_gyration_${layer}`, middle(alive.map(({ radiusOfGyration }) => radiusOfGyration))],
    [`sign_coherence_${layer}`, middle(alive.map(({ signCoherence }) => signCoherence))],
    [`block_size_${layer}`, middle(blocks.map(({ size }) => size).filter((size) => !Number.isNaN(size)))],
    [`block_overlap_${layer}`, middle(blocks.map(({ overlap }) => overlap).filter((x) => !Number.isNaN(x)))],
    [`dead_units_${layer}`, units - alive.length],
  ];
}
