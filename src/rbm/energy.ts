import { logistic, logTwoCosh, softplus, tanh } from "../kernels/elementary.js";
import type { Rbm, UnitType } from "./parameters.js";

/**
 * One configuration of a layer: a number per unit, ±1 for spin units and 0/1 for binary ones. The functions that take
 * one are the definitions, in double precision and one configuration at a time; batches go through the kernels.
 */
export type Configuration = ArrayLike<number>;

/** Tr over one unit with input x: ln Σ_s e^{xs} = ln 2cosh x for s = ±1, softplus x for s = 0, 1. */
export function logUnitPartition(units: UnitType, x: number): number {
  return units === "spin" ? logTwoCosh(x) : softplus(x);
}

/** Mean of one unit with input x: tanh x for spin units, logistic x for binary ones. */
export function unitMean(units: UnitType, x: number): number {
  return units === "spin" ? tanh(x) : logistic(x);
}

/**
 * E(v, h) = −c·v − b·h − vᵀWh, nats (Liu eq. 2 with our sign).
 *
 * @param rbm its parameters, in single or double precision
 * @param visible v, a configuration of the visible layer
 * @param hidden h, a configuration of the hidden layer
 */
export function energy(rbm: Rbm, visible: Configuration, hidden: Configuration): number {
  let total = 0;
  const inputs = hiddenInputs(rbm, visible);
  for (let i = 0; i < rbm.visible; i++) total -= rbm.visibleBias[i] * visible[i];
  for (let j = 0; j < rbm.hidden; j++) total -= inputs[j] * hidden[j];
  return total;
}

/**
 * x_j = b_j + Σ_i v_i W_ij, the input of every hidden unit.
 *
 * @param rbm its parameters, in single or double precision
 * @param visible v, a configuration of the visible layer
 */
export function hiddenInputs(rbm: Rbm, visible: Configuration): Float64Array {
  const inputs = Float64Array.from(rbm.hiddenBias);
  for (let i = 0; i < rbm.visible; i++) {
    for (let j = 0; j < rbm.hidden; j++) inputs[j] += visible[i] * rbm.weights[i * rbm.hidden + j];
  }
  return inputs;
}

/**
 * x_i = c_i + Σ_j W_ij h_j, the input of every visible unit.
 *
 * @param rbm its parameters, in single or double precision
 * @param hidden h, a configuration of the hidden layer
 */
export function visibleInputs(rbm: Rbm, hidden: Configuration): Float64Array {
  const inputs = Float64Array.from(rbm.visibleBias);
  for (let i = 0; i < rbm.visible; i++) {
    for (let j = 0; j < rbm.hidden; j++) inputs[i] += rbm.weights[i * rbm.hidden + j] * hidden[j];
  }
  return inputs;
}

/**
 * ⟨h_j⟩ given v: tanh x_j for spin units, logistic x_j for binary ones.
 *
 * @param rbm its parameters, in single or double precision
 * @param visible v, a configuration of the visible layer
 */
export function meanHiddenGivenVisible(rbm: Rbm, visible: Configuration): Float64Array {
  return hiddenInputs(rbm, visible).map((x) => unitMean(rbm.units, x));
}

/**
 * ⟨v_i⟩ given h: tanh x_i for spin units, logistic x_i for binary ones.
 *
 * @param rbm its parameters, in single or double precision
 * @param hidden h, a configuration of the hidden layer
 */
export function meanVisibleGivenHidden(rbm: Rbm, hidden: Configuration): Float64Array {
  return visibleInputs(rbm, hidden).map((x) => unitMean(rbm.units, x));
}

/**
 * H_λ(v) = −ln Σ_h e^{−E(v,h)} = −c·v − Σ_j ln 2cosh(x_j), softplus for binary units, in nats (Burns eq. 2, which lacks
 * the exponential in print).
 *
 * @param rbm its parameters, in single or double precision
 * @param visible v, a configuration of the visible layer
 */
export function effectiveHamiltonian(rbm: Rbm, visible: Configuration): number {
  let total = 0;
  for (let i = 0; i < rbm.visible; i++) total -= rbm.visibleBias[i] * visible[i];
  for (const x of hiddenInputs(rbm, visible)) total -= logUnitPartition(rbm.units, x);
  return total;
}
