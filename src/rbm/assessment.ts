import { boltzmannDistribution } from "../ising/exact/index.js";
import { exactIsingLogPartition } from "../ising/free-energy.js";
import { isingHamiltonians } from "../ising/hamiltonian.js";
import type { IsingModel } from "../ising/model.js";
import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { mean } from "../statistics/index.js";
import { assessByAverages } from "./assessment-averages.js";
import { isEnumerable, MAX_ASSESSED_UNITS } from "./assessment-effort.js";
import { assessExactly } from "./assessment-exact.js";
import type { TargetDistribution } from "./estimators/index.js";
import { exactMagnetization } from "./exact-magnetization.js";
import { hiddenInformation } from "./hidden-information.js";
import type { LogPartitionEstimate } from "./log-partition/estimate.js";
import { squaredNorm } from "./parameters.js";
import { sampleMagnetization } from "./sample-magnetization.js";

/** What the hidden units tell is measured on at most this many rows. */
const INFORMATION_ROWS = 1000;

/** P(v) and H(v) of every state, bit i of whose number is set if v_i = +1. */
export interface TargetStates {
  /** P(v), length 2^n. */
  readonly distribution: TargetDistribution;
  /** H(v), nats, length 2^n. */
  readonly hamiltonians: Float64Array;
}

/** What a layer is judged against: the distribution behind its data, as far as it is known. */
export interface AssessmentTarget {
  /** The Ising model behind the data, if there is one. */
  readonly model: IsingModel | null;
  /** ln Z of the distribution, nats, if known. */
  readonly logPartition: number | null;
  /** One standard deviation of it. */
  readonly logPartitionError: number;
  /** The whole distribution, if it is tabulated. */
  readonly states: TargetStates | null;
  /** The data: configurations, a row each. */
  readonly rows: BitMatrix;
  /** H(v) of every row, nats, if known. */
  readonly hamiltonians: Float64Array | null;
}

/**
 * The state of a layer in numbers; null where not defined or not known. Free energies in nats; D = H − H_λ; every `…Error`
 * is one standard deviation, 0 where the value is exact. At most 16 sites: exact. Otherwise, with few hidden units, ln Z_λ,
 * the residuals, magnetization and P(m > 0) of the model are exact, and ⟨D⟩_λ is averaged over samples of it; else all of
 * them rest on an estimate of ln Z_λ and on samples. Averages over P are then over the data.
 */
export interface Assessment {
  /** ln Z_λ, nats. */
  readonly logPartition: number | null;
  /** Error of ln Z_λ. */
  readonly logPartitionError: number | null;
  /** 1, or 0 where the estimate of ln Z_λ doubts itself. */
  readonly logPartitionReliable: number | null;
  /** F = −ln Z of the distribution behind the data. */
  readonly freeEnergyTarget: number | null;
  /** Error of F. */
  readonly freeEnergyTargetError: number | null;
  /** F_λ = −ln Z_λ */
  readonly freeEnergyModel: number | null;
  /** F − F_λ = KL(P‖P_λ) + ⟨D⟩_P = −KL(P_λ‖P) + ⟨D⟩_λ */
  readonly freeEnergyGap: number | null;
  /** Error of F − F_λ. */
  readonly freeEnergyGapError: number | null;
  /** F_λ + ⟨D⟩_P ≤ F */
  readonly freeEnergyLower: number | null;
  /** F_λ + ⟨D⟩_λ ≥ F */
  readonly freeEnergyUpper: number | null;
  /** KL(P‖P_λ)/n = (F − F_λ − ⟨D⟩_P)/n, nats per visible unit; an estimate may be below 0. */
  readonly klPerSpin: number | null;
  /** Error of KL(P‖P_λ)/n. */
  readonly klPerSpinError: number | null;
  /** ⟨D⟩_P, nats. */
  readonly meanDData: number | null;
  /** Error of ⟨D⟩_P. */
  readonly meanDDataError: number | null;
  /** ⟨D⟩_λ, nats. */
  readonly meanDModel: number | null;
  /** Error of ⟨D⟩_λ. */
  readonly meanDModelError: number | null;
  /** Var_P(D), the loss of the objective trace, nats². */
  readonly varianceDData: number | null;
  /** ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ over the trained parameters, zero at a minimum of KL (Burns's table, left). */
  readonly conditionKl: number | null;
  /** What it would be from the sampling of both averages alone: √(E‖noise‖²); 0 where both are exact. */
  readonly conditionKlNoise: number | null;
  /** ‖⟨∇H_λ⟩_λ‖, zero at a stationary point of F_λ (Burns's table, right). */
  readonly conditionRg: number | null;
  /** What it would be from the sampling of the model alone; 0 where the average is exact. */
  readonly conditionRgNoise: number | null;
  /** √(mean of W²), in the model's own units. */
  readonly weightRms: number;
  /** ‖λ‖² = ΣW² + Σb² + Σc², in the model's own units. */
  readonly squaredNorm: number;
  /** Mean visible unit of the model with its sign, in the model's own units. */
  readonly magnetizationModel: number | null;
  /** Probability of more than half the visible units in the upper state, ties counted as one half. */
  readonly positiveFraction: number | null;
  /** Mean over the hidden units of I(v; h_j), nats, from 0 to ln 2, over at most 1000 rows of the data. */
  readonly hiddenInformation: number | null;
}

/** What training knows of a layer besides its parameters. */
export interface AssessmentExtras {
  /** The configurations the layer is trained on, if there is no target that has them. */
  readonly rows?: BitMatrix;
  /** An estimate of ln Z_λ, for layers that cannot be enumerated. */
  readonly logPartition?: LogPartitionEstimate | null;
  /** Whether the biases are trained (default: true). */
  readonly biases?: boolean;
  /** Whether D is worth a pass over the data even where ln Z_λ is not known (default: false). */
  readonly mismatch?: boolean;
  /** Whether the smaller layer is enumerated (default: if that is quick). */
  readonly enumerable?: boolean;
  /** How many chains the data come from, row = round·chains + chain; null: not known. Absent: rows are independent. */
  readonly chains?: number | null;
  /** The group of each model sample; samples of different groups are independent. Absent or null: all are. */
  readonly modelFamilies?: Uint32Array | null;
}

/**
 * Assess a layer at its current parameters, by up to three enumerations where that is cheap.
 *
 * @param layer what is assessed
 * @param target the distribution behind the data, as far as it is known; null: nothing is
 * @param modelSamples configurations drawn from the model, a row each; null: none
 * @param kernels do the sums
 * @param extras what else is known
 */
export function assess(
  layer: LayerArrays,
  target: AssessmentTarget | null,
  modelSamples: BitMatrix | null,
  kernels: Kernels,
  extras: AssessmentExtras = {},
): Assessment {
  const biases = extras.biases ?? true;
  const rows = extras.rows ?? target?.rows ?? null;
  const enumerable = extras.enumerable ?? isEnumerable(layer);
  const logPartition = target?.logPartition ?? null;
  const judged =
    enumerable && target?.states != null && logPartition !== null
      ? assessExactly(layer, target.states, logPartition, biases, kernels)
      : {
          ...magnetization(layer, target, modelSamples, enumerable, kernels),
          ...assessByAverages(layer, { ...extras, target, rows, modelSamples, enumerable, biases }, kernels),
        };
  return {
    ...unknown,
    ...judged,
    freeEnergyTarget: logPartition === null ? null : -logPartition,
    freeEnergyTargetError: logPartition === null ? null : (target?.logPartitionError ?? 0),
    weightRms: Math.sqrt(mean(squares(layer.weights))),
    squaredNorm: squaredNorm(layer),
    hiddenInformation:
      rows === null
        ? null
        : hiddenInformation(layer, rowRange(rows, 0, Math.min(rows.rows, INFORMATION_ROWS)), kernels),
  };
}

/** Of the model where it is enumerated, else of its samples; without a target of the chains of training, if there are any. */
function magnetization(
  layer: LayerArrays,
  target: AssessmentTarget | null,
  modelSamples: BitMatrix | null,
  enumerable: boolean,
  kernels: Kernels,
): Partial<Assessment> {
  const exact = enumerable && (target !== null || modelSamples === null);
  const known = exact ? exactMagnetization(layer, kernels) : null;
  return known ?? (modelSamples === null ? {} : sampleMagnetization(layer.units, modelSamples));
}

/** Not Float64Array.from with a function, which makes a list of all values on the way. */
function squares(values: Float32Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) out[k] = values[k] * values[k];
  return out;
}

const unknown = {
  logPartition: null,
  logPartitionError: null,
  logPartitionReliable: null,
  freeEnergyModel: null,
  freeEnergyGap: null,
  freeEnergyGapError: null,
  freeEnergyLower: null,
  freeEnergyUpper: null,
  klPerSpin: null,
  klPerSpinError: null,
  meanDData: null,
  meanDDataError: null,
  meanDModel: null,
  meanDModelError: null,
  varianceDData: null,
  conditionKl: null,
  conditionKlNoise: null,
  conditionRg: null,
  conditionRgNoise: null,
  magnetizationModel: null,
  positiveFraction: null,
} as const;

/**
 * Prepare the target of an assessment: the Hamiltonian of every row, once.
 *
 * @param model the Ising model behind the data; null: not known, nor is H then
 * @param logPartition its ln Z, nats; null: not known
 * @param distribution P(v) of all its states, if assessments may sum over them; used with a model alone, of ≤ 24 sites
 * @param rows the data: configurations, a row each
 * @param logPartitionError one standard deviation of ln Z
 */
export function assessmentTarget(
  model: IsingModel | null,
  logPartition: number | null,
  distribution: TargetDistribution | null,
  rows: BitMatrix,
  logPartitionError = 0,
): AssessmentTarget {
  const states =
    distribution === null || model === null
      ? null
      : { distribution, hamiltonians: isingHamiltonians(model, allStates(model)) };
  const hamiltonians = model === null ? null : isingHamiltonians(model, rows);
  return { model, logPartition, logPartitionError, states, rows, hamiltonians };
}

/**
 * The target where the data are samples of an Ising model; up to 16 sites the whole distribution is tabulated, so that
 * assessments by enumeration are exact.
 *
 * @param model what was sampled
 * @param rows the data: configurations, a row each
 * @param logPartition its ln Z, nats, and one standard deviation; null: not known. Absent: the exact one, if any
 */
export function isingAssessmentTarget(
  model: IsingModel,
  rows: BitMatrix,
  logPartition: { readonly value: number; readonly error: number } | null = exactIsingLogPartition(model),
): AssessmentTarget {
  const enumerable = model.lattice.sites <= MAX_ASSESSED_UNITS;
  const distribution = enumerable ? boltzmannDistribution(model) : null;
  return assessmentTarget(model, logPartition?.value ?? null, distribution, rows, logPartition?.error);
}

/** A row for each of the 2^N states, N ≤ 24, in the order of their numbers. */
function allStates({ lattice }: IsingModel): BitMatrix {
  const rows = bitMatrix(2 ** lattice.sites, lattice.sites);
  for (let state = 0; state < rows.rows; state++) rows.words[state] = state;
  return rows;
}
