import {
  type BitMatrix,
  bitMatrix,
  countUp,
  type Kernels,
  type LayerArrays,
  popcount,
} from "../kernels/index.js";
import { isingHamiltonians } from "../ising/hamiltonian.js";
import type { IsingModel } from "../ising/model.js";
import { mean } from "../statistics/index.js";
import { effectiveHamiltonians } from "./effective-hamiltonian.js";
import {
  exactModelStatistics,
  statisticsNorm,
  visibleDistribution,
  visibleHamiltonians,
} from "./ensemble.js";
import type { TargetDistribution } from "./estimators/index.js";
import { exactLogPartition } from "./log-partition/exact.js";

/** Target distributions of at most this many sites are tabulated. */
export const MAX_ASSESSED_UNITS = 16;

/** Layers are enumerated after every epoch if that takes at most about this many multiplications, a fraction of a second. */
const MAX_ASSESSMENT_WORK = 2 ** 25;

/** Whether ln Z and the exact averages of a layer are cheap enough to be known after every epoch. */
function isEnumerable({ visible, hidden }: LayerArrays): boolean {
  return 2 ** Math.min(visible, hidden) * visible * hidden <= MAX_ASSESSMENT_WORK;
}

/** P(v) and H(v) of every state, bit i of whose number is set if v_i = +1. */
export interface TargetStates {
  readonly distribution: TargetDistribution;
  readonly hamiltonians: Float64Array;
}

/** What a layer is judged against: the Ising model behind its data, as far as it is known. */
export interface AssessmentTarget {
  readonly model: IsingModel;
  /** ln Z of the model, if known. */
  readonly logPartition: number | null;
  /** The whole distribution, if it is tabulated. */
  readonly states: TargetStates | null;
  readonly rows: BitMatrix;
  /** H(v) of every row. */
  readonly hamiltonians: Float64Array;
}

/**
 * The state of a layer in numbers; null where not defined or not known. Free energies in nats; D = H − H_λ. At most 16
 * sites: exact. Otherwise, with few hidden units, ln Z_λ is exact and averages over P are over the samples.
 */
export interface Assessment {
  readonly logPartition: number | null;
  /** One standard deviation of logPartition; 0 where it is exact. */
  readonly logPartitionError: number | null;
  readonly freeEnergyTarget: number | null;
  readonly freeEnergyModel: number | null;
  /** F − F_λ = KL(P‖P_λ) + ⟨D⟩_P = −KL(P_λ‖P) + ⟨D⟩_λ */
  readonly freeEnergyGap: number | null;
  readonly klPerSpin: number | null;
  readonly meanDData: number | null;
  readonly meanDModel: number | null;
  /** ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖, zero at a minimum of KL (Burns's table, left). */
  readonly conditionKl: number | null;
  /** ‖⟨∇H_λ⟩_λ‖, zero at a stationary point of F_λ (Burns's table, right). */
  readonly conditionRg: number | null;
  readonly weightRms: number;
  /** Signed mean spin of the model samples, in the model's own units. */
  readonly magnetizationModel: number | null;
  /** Fraction of model samples with more than half the units in the upper state, ties counted as one half. */
  readonly positiveFraction: number | null;
}

/** Assess a layer at its current parameters, by up to three enumerations where that is cheap. */
export function assess(
  layer: LayerArrays,
  target: AssessmentTarget | null,
  modelSamples: BitMatrix | null,
  kernels: Kernels,
): Assessment {
  return {
    ...unknown,
    ...(modelSamples === null ? {} : assessSamples(layer, modelSamples)),
    ...(isEnumerable(layer) ? assessEnsemble(layer, target, kernels) : {}),
    freeEnergyTarget: target?.logPartition == null ? null : -target.logPartition,
    weightRms: Math.sqrt(mean(squares(layer.weights))),
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
  freeEnergyModel: null,
  freeEnergyGap: null,
  klPerSpin: null,
  meanDData: null,
  meanDModel: null,
  conditionKl: null,
  conditionRg: null,
  magnetizationModel: null,
  positiveFraction: null,
} as const;

function assessEnsemble(
  layer: LayerArrays,
  target: AssessmentTarget | null,
  kernels: Kernels,
): Partial<Assessment> {
  if (target?.states != null && target.logPartition !== null) {
    return assessExactly(layer, target.states, target.logPartition, kernels);
  }
  const logPartition = exactLogPartition(layer, kernels);
  const own = {
    logPartition,
    logPartitionError: 0,
    freeEnergyModel: -logPartition,
    conditionRg: statisticsNorm(exactModelStatistics(layer, kernels)),
  };
  if (target === null) return own;
  const effective = effectiveHamiltonians(layer, target.rows, kernels);
  const meanDData = mean(target.hamiltonians.map((h, row) => h - effective[row]));
  if (target.logPartition === null) return { ...own, meanDData };
  const freeEnergyGap = logPartition - target.logPartition;
  return { ...own, meanDData, freeEnergyGap, klPerSpin: (freeEnergyGap - meanDData) / layer.visible };
}

/** Everything by summing over all visible states. */
function assessExactly(
  layer: LayerArrays,
  { distribution, hamiltonians: targetHamiltonians }: TargetStates,
  targetLogPartition: number,
  kernels: Kernels,
): Partial<Assessment> {
  const hamiltonians = visibleHamiltonians(layer, kernels);
  const { logPartition, probabilities } = visibleDistribution(hamiltonians, kernels);
  let [kl, reverseKl, up, ties] = [0, 0, 0, 0];
  let magnetization = 0;
  distribution.forEach((p, state) => {
    const q = probabilities[state];
    const logRatio = hamiltonians[state] + logPartition - targetHamiltonians[state] - targetLogPartition;
    kl += p * logRatio;
    reverseKl -= q * logRatio;
    const excess = 2 * popcount(state) - layer.visible;
    magnetization += (q * excess) / layer.visible;
    if (excess > 0) up += q;
    if (excess === 0) ties += q;
  });
  const gap = logPartition - targetLogPartition;
  const difference = distribution.map((p, state) => p - probabilities[state]);
  const [slope, own] = kernels.enumeration.statistics(layer, [difference, probabilities]);
  return {
    logPartition,
    logPartitionError: 0,
    freeEnergyModel: -logPartition,
    freeEnergyGap: gap,
    klPerSpin: kl / layer.visible,
    meanDData: gap - kl,
    meanDModel: gap + reverseKl,
    conditionKl: statisticsNorm(slope),
    conditionRg: statisticsNorm(own),
    magnetizationModel: layer.units === "spin" ? magnetization : (1 + magnetization) / 2,
    positiveFraction: up + ties / 2,
  };
}

function assessSamples(layer: LayerArrays, samples: BitMatrix): Partial<Assessment> {
  let [total, positive] = [0, 0];
  for (let row = 0; row < samples.rows; row++) {
    const up = countUp(samples, row);
    total += up / samples.columns;
    positive += 2 * up > samples.columns ? 1 : 2 * up === samples.columns ? 0.5 : 0;
  }
  const fraction = total / samples.rows;
  return {
    magnetizationModel: layer.units === "spin" ? 2 * fraction - 1 : fraction,
    positiveFraction: positive / samples.rows,
  };
}

/** Prepare the target of an assessment: the Hamiltonian of every row, once. */
export function assessmentTarget(
  model: IsingModel,
  logPartition: number | null,
  distribution: TargetDistribution | null,
  rows: BitMatrix,
): AssessmentTarget {
  const states =
    distribution === null ? null : { distribution, hamiltonians: isingHamiltonians(model, allStates(model)) };
  return { model, logPartition, states, rows, hamiltonians: isingHamiltonians(model, rows) };
}

/** A row for each of the 2^N states, N ≤ 24, in the order of their numbers. */
function allStates({ lattice }: IsingModel): BitMatrix {
  const rows = bitMatrix(2 ** lattice.sites, lattice.sites);
  for (let state = 0; state < rows.rows; state++) rows.words[state] = state;
  return rows;
}
