import { isingHamiltonians } from "../ising/hamiltonian.js";
import type { IsingModel } from "../ising/model.js";
import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { mean } from "../statistics/index.js";
import { assessByAverages } from "./assessment-averages.js";
import { assessExactly } from "./assessment-exact.js";
import type { TargetDistribution } from "./estimators/index.js";
import { hiddenInformation } from "./hidden-information.js";
import type { LogPartitionEstimate } from "./log-partition/estimate.js";
import { squaredNorm } from "./parameters.js";
import { sampleMagnetization } from "./sample-magnetization.js";

/** Target distributions of at most this many sites are tabulated. */
export const MAX_ASSESSED_UNITS = 16;

/** Layers are enumerated after every epoch if that takes at most about this many multiplications, a fraction of a second. */
const MAX_ASSESSMENT_WORK = 2 ** 25;

/** What the hidden units tell is measured on at most this many rows. */
const INFORMATION_ROWS = 1000;

/** Whether ln Z and the exact averages of a layer are cheap enough to be known after every epoch. */
function isEnumerable({ visible, hidden }: LayerArrays): boolean {
  return 2 ** Math.min(visible, hidden) * visible * hidden <= MAX_ASSESSMENT_WORK;
}

/** P(v) and H(v) of every state, bit i of whose number is set if v_i = +1. */
export interface TargetStates {
  readonly distribution: TargetDistribution;
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
  readonly rows: BitMatrix;
  /** H(v) of every row, if known. */
  readonly hamiltonians: Float64Array | null;
}

/**
 * The state of a layer in numbers; null where not defined or not known. Free energies in nats; D = H − H_λ; every `…Error`
 * is one standard deviation, 0 where the value is exact. At most 16 sites: exact. Otherwise, with few hidden units, ln Z_λ
 * and averages over the model are exact; else they are the training's estimate and averages over its persistent chains.
 * Averages over P are then over the samples, as if these were independent.
 */
export interface Assessment {
  readonly logPartition: number | null;
  readonly logPartitionError: number | null;
  /** 1, or 0 where the estimate of ln Z_λ doubts itself. */
  readonly logPartitionReliable: number | null;
  readonly freeEnergyTarget: number | null;
  readonly freeEnergyTargetError: number | null;
  readonly freeEnergyModel: number | null;
  /** F − F_λ = KL(P‖P_λ) + ⟨D⟩_P = −KL(P_λ‖P) + ⟨D⟩_λ */
  readonly freeEnergyGap: number | null;
  readonly freeEnergyGapError: number | null;
  /** F_λ + ⟨D⟩_P ≤ F */
  readonly freeEnergyLower: number | null;
  /** F_λ + ⟨D⟩_λ ≥ F */
  readonly freeEnergyUpper: number | null;
  readonly klPerSpin: number | null;
  readonly klPerSpinError: number | null;
  readonly meanDData: number | null;
  readonly meanDDataError: number | null;
  readonly meanDModel: number | null;
  readonly meanDModelError: number | null;
  /** Var_P(D), the loss of the objective trace, nats². */
  readonly varianceDData: number | null;
  /** ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ over the trained parameters, zero at a minimum of KL (Burns's table, left). */
  readonly conditionKl: number | null;
  /** What it would be from the sampling of both averages alone: √(E‖noise‖²). */
  readonly conditionKlNoise: number | null;
  /** ‖⟨∇H_λ⟩_λ‖, zero at a stationary point of F_λ (Burns's table, right). */
  readonly conditionRg: number | null;
  readonly conditionRgNoise: number | null;
  readonly weightRms: number;
  /** ‖λ‖² = ΣW² + Σb² + Σc², in the model's own units. */
  readonly squaredNorm: number;
  /** Signed mean spin of the model samples, in the model's own units. */
  readonly magnetizationModel: number | null;
  /** Fraction of model samples with more than half the units in the upper state, ties counted as one half. */
  readonly positiveFraction: number | null;
  /** Mean over the hidden units of I(v; h_j) over the data, nats; see hidden-information.ts. */
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
}

/** Assess a layer at its current parameters, by up to three enumerations where that is cheap. */
export function assess(
  layer: LayerArrays,
  target: AssessmentTarget | null,
  modelSamples: BitMatrix | null,
  kernels: Kernels,
  extras: AssessmentExtras = {},
): Assessment {
  const biases = extras.biases ?? true;
  const rows = extras.rows ?? target?.rows ?? null;
  const enumerable = isEnumerable(layer);
  const logPartition = target?.logPartition ?? null;
  const judged =
    enumerable && target?.states != null && logPartition !== null
      ? assessExactly(layer, target.states, logPartition, biases, kernels)
      : assessByAverages(layer, { target, rows, modelSamples, enumerable, biases, ...extras }, kernels);
  return {
    ...unknown,
    ...(modelSamples === null ? {} : sampleMagnetization(layer.units, modelSamples)),
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

/** Prepare the target of an assessment: the Hamiltonian of every row, once. */
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

/** A row for each of the 2^N states, N ≤ 24, in the order of their numbers. */
function allStates({ lattice }: IsingModel): BitMatrix {
  const rows = bitMatrix(2 ** lattice.sites, lattice.sites);
  for (let state = 0; state < rows.rows; state++) rows.words[state] = state;
  return rows;
}
