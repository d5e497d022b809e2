import { isingHamiltonians } from "../ising/hamiltonian.js";
import { type BitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { groupedMean, mean, mergeGroups, sampleGroups, variance } from "../statistics/index.js";
import type { Assessment, AssessmentTarget } from "./assessment.js";
import { effectiveHamiltonians } from "./effective-hamiltonian.js";
import { exactModelStatistics, statisticsNorm, type SufficientStatistics } from "./ensemble.js";
import type { LogPartitionEstimate } from "./log-partition/estimate.js";
import { exactLogPartition } from "./log-partition/exact.js";
import { RowStatistics } from "./row-statistics.js";

/** The residual of KL is measured on at most this many rows of the data. */
const CONDITION_ROWS = 2000;

/** What an assessment by averages rests on. */
export interface AveragesSource {
  readonly target: AssessmentTarget | null;
  readonly rows: BitMatrix | null;
  readonly modelSamples: BitMatrix | null;
  readonly logPartition?: LogPartitionEstimate | null;
  /** Whether the smaller layer may be enumerated. */
  readonly enumerable: boolean;
  readonly biases: boolean;
  readonly mismatch?: boolean;
  /** See AssessmentExtras. */
  readonly chains?: number | null;
  readonly modelFamilies?: Uint32Array | null;
}

/** Averages over the samples of the data, and over the model's states or samples. */
export function assessByAverages(
  layer: LayerArrays,
  source: AveragesSource,
  kernels: Kernels,
): Partial<Assessment> {
  const { target, modelSamples, enumerable } = source;
  const own = enumerable
    ? { value: exactLogPartition(layer, kernels), error: 0, doubt: null }
    : (source.logPartition ?? null);
  const wanted = own !== null || source.mismatch === true;
  const hamiltonians = wanted ? (target?.hamiltonians ?? null) : null;
  const data =
    target === null || hamiltonians === null
      ? null
      : mismatch(layer, target.rows, hamiltonians, dataGroups(target.rows.rows, source), kernels);
  const isingModel = wanted ? (target?.model ?? null) : null;
  const families = source.modelFamilies ?? undefined;
  const model =
    modelSamples === null || isingModel === null
      ? null
      : mismatch(layer, modelSamples, isingHamiltonians(isingModel, modelSamples), families, kernels);
  return {
    ...conditions(layer, source, kernels),
    ...(own === null
      ? {}
      : {
          logPartition: own.value,
          logPartitionError: own.error,
          logPartitionReliable: own.doubt === null ? 1 : 0,
          freeEnergyModel: -own.value,
          freeEnergyLower: data === null ? null : data.mean - own.value,
          freeEnergyUpper: model === null ? null : model.mean - own.value,
        }),
    meanDData: data?.mean ?? null,
    meanDDataError: data?.error ?? null,
    varianceDData: data?.variance ?? null,
    meanDModel: model?.mean ?? null,
    meanDModelError: model?.error ?? null,
    ...(own === null ? {} : compared(layer, own, target, data)),
  };
}

interface SampledMismatch {
  readonly mean: number;
  readonly error: number;
  readonly variance: number;
}

/** The groups of so many rows of the data; undefined: they are independent. */
function dataGroups(rows: number, { chains }: AveragesSource): Uint32Array | undefined {
  return chains === undefined ? undefined : sampleGroups(rows, chains);
}

/** ⟨D⟩ with its error and Var D over rows, of which those of different groups are independent, or all. */
function mismatch(
  layer: LayerArrays,
  rows: BitMatrix,
  hamiltonians: Float64Array,
  groups: Uint32Array | undefined,
  kernels: Kernels,
): SampledMismatch {
  const effective = effectiveHamiltonians(layer, rows, kernels);
  const differences = hamiltonians.map((h, row) => h - effective[row]);
  const spread = rows.rows > 1 ? variance(differences) : 0;
  const error = groups === undefined ? Math.sqrt(spread / rows.rows) : groupedMean(differences, groups).error;
  return { mean: mean(differences), error, variance: spread };
}

/** F − F_λ, and KL = F − F_λ − ⟨D⟩_P. */
function compared(
  { visible }: LayerArrays,
  own: LogPartitionEstimate,
  target: AssessmentTarget | null,
  data: SampledMismatch | null,
): Partial<Assessment> {
  if (target?.logPartition == null) return {};
  const freeEnergyGap = own.value - target.logPartition;
  const freeEnergyGapError = Math.sqrt(own.error ** 2 + target.logPartitionError ** 2);
  const gap = { freeEnergyGap, freeEnergyGapError };
  if (data === null) return gap;
  const klError = Math.sqrt(freeEnergyGapError ** 2 + data.error ** 2);
  return {
    ...gap,
    klPerSpin: (freeEnergyGap - data.mean) / visible,
    klPerSpinError: klError / visible,
  };
}

/** Burns's two residuals with what sampling noise alone makes of them. */
function conditions(layer: LayerArrays, source: AveragesSource, kernels: Kernels): Partial<Assessment> {
  const { rows, modelSamples, enumerable, biases } = source;
  if (!enumerable && modelSamples === null) return {};
  const arena = kernels.arena();
  try {
    const held = new RowStatistics(layer, biases, kernels, arena);
    const some = rows === null ? null : rowRange(rows, 0, Math.min(rows.rows, CONDITION_ROWS));
    const data = some === null ? null : { rows: some, groups: dataGroups(some.rows, source) };
    if (enumerable) return exactModelConditions(exactModelStatistics(layer, kernels), data, held, biases);
    if (modelSamples === null) return {};
    const families = source.modelFamilies ?? null;
    const groups = families === null ? undefined : mergeGroups(families);
    return sampledConditions({ rows: modelSamples, groups }, data, held);
  } finally {
    arena.release();
  }
}

/** Rows and the groups that are independent of each other; undefined: the rows are. */
interface GroupedRows {
  readonly rows: BitMatrix;
  readonly groups: Uint32Array | undefined;
}

function exactModelConditions(
  model: SufficientStatistics,
  data: GroupedRows | null,
  held: RowStatistics,
  biases: boolean,
): Partial<Assessment> {
  const rg = { conditionRg: statisticsNorm(model, biases), conditionRgNoise: 0 };
  if (data === null) return rg;
  const { squaredNoise } = held.set(data.rows, data.groups);
  return {
    ...rg,
    conditionKl: Math.sqrt(held.squaredDistance(model)),
    conditionKlNoise: rootOrUnknown(squaredNoise),
  };
}

function sampledConditions(
  samples: GroupedRows,
  data: GroupedRows | null,
  held: RowStatistics,
): Partial<Assessment> {
  const model = held.set(samples.rows, samples.groups);
  const rg = {
    conditionRg: Math.sqrt(model.squaredNorm),
    conditionRgNoise: rootOrUnknown(model.squaredNoise),
  };
  if (data === null) return rg;
  const { squaredNoise } = held.set(data.rows, data.groups);
  held.subtract(samples.rows);
  return {
    ...rg,
    conditionKl: Math.sqrt(held.squaredDistance()),
    conditionKlNoise: rootOrUnknown(squaredNoise + model.squaredNoise),
  };
}

/** √x; null for NaN, where a single group of rows has no scatter. */
function rootOrUnknown(x: number): number | null {
  return Number.isNaN(x) ? null : Math.sqrt(x);
}
