import { DataError } from "../../errors/index.js";
import { isingHamiltonians } from "../../ising/hamiltonian.js";
import type { IsingModel } from "../../ising/model.js";
import { log } from "../../kernels/elementary.js";
import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import { effectiveHamiltonians } from "../../rbm/effective-hamiltonian.js";
import { compensatedSum, groupedMean, logMeanExp, logSumExp, sampleGroups } from "../../statistics/index.js";

/**
 * How far an RBM is from an exact renormalization. With T_λ(v, h) = H(v) − E(v, h) (Liu eq. 10) the trace condition of Mehta and
 * Schwab, Tr_h e^{T_λ(v, h)} = e^{D(v)} = 1 for every v, is D ≡ 0, D = H − H_λ. A constant D is a constant of the energy, which
 * every renormalization may split off; what differs between configurations is not.
 */
export interface TraceCondition {
  /** Configurations D was taken over. */
  readonly states: number;
  /** ⟨D⟩_P, nats. */
  readonly mean: number;
  /** One standard deviation of the mean; 0 where all states were summed over. */
  readonly meanError: number;
  /** Var_P(D), nats²: about twice KL(P‖P_λ) where it is small. */
  readonly variance: number;
  /** The smallest and largest D of any of the configurations, nats. */
  readonly minimum: number;
  readonly maximum: number;
  /** ln⟨e^D⟩_P = F − F_λ, nats; from samples it rests on the few of the largest D. */
  readonly logMeanExponential: number;
}

/** D(v) = H(v) − H_λ(v) = ln Tr_h e^{T_λ(v, h)} of every row, in nats. */
export function traceMismatches(
  model: IsingModel,
  layer: LayerArrays,
  rows: BitMatrix,
  kernels: Kernels,
): Float64Array {
  const effective = effectiveHamiltonians(layer, rows, kernels);
  return isingHamiltonians(model, rows).map((h, row) => h - effective[row]);
}

/** The trace condition over samples of P, sample round·chains + chain (null: not known). DataError below two samples. */
export function sampledTraceCondition(mismatches: Float64Array, chains: number | null): TraceCondition {
  const states = mismatches.length;
  if (states < 2) throw new DataError(`a variance over ${states} configuration(s): at least 2 are needed.`);
  const { value, error } = groupedMean(mismatches, sampleGroups(states, chains));
  const squares = mismatches.map((d) => (d - value) ** 2);
  return {
    ...extremes(mismatches),
    mean: value,
    meanError: error,
    variance: compensatedSum(squares) / (states - 1),
    logMeanExponential: logMeanExp(mismatches),
  };
}

/** The trace condition over all states with their probabilities under P. */
export function exactTraceCondition(mismatches: Float64Array, probabilities: Float64Array): TraceCondition {
  const average = (values: Float64Array): number =>
    compensatedSum(values.map((value, state) => probabilities[state] * value));
  const mean = average(mismatches);
  return {
    ...extremes(mismatches),
    mean,
    meanError: 0,
    variance: average(mismatches.map((d) => (d - mean) ** 2)),
    logMeanExponential: logSumExp(mismatches.map((d, state) => d + log(probabilities[state]))),
  };
}

function extremes(mismatches: Float64Array): Pick<TraceCondition, "states" | "minimum" | "maximum"> {
  return {
    states: mismatches.length,
    minimum: mismatches.reduce((least, d) => Math.min(least, d), Infinity),
    maximum: mismatches.reduce((most, d) => Math.max(most, d), -Infinity),
  };
}
