import { boltzmannDistribution } from "../../ising/exact/index.js";
import { isingHamiltonians } from "../../ising/hamiltonian.js";
import type { IsingModel } from "../../ising/model.js";
import { bitMatrix, type Kernels, type LayerArrays } from "../../kernels/index.js";
import { visibleDistribution, visibleHamiltonians } from "../../rbm/ensemble.js";
import { compensatedSum } from "../../statistics/index.js";

/** Largest number of sites, and multiplications, of a sum over all states: a few seconds. */
const MAX_SITES = 20;
const MAX_WORK = 2 ** 32;

/** ⟨D⟩ over the target and over the model, nats. */
export interface ExactMismatch {
  readonly data: number;
  readonly model: number;
}

/**
 * ⟨D⟩_P and ⟨D⟩_λ by summing D(v) = H(v) − H_λ(v) over all 2^n states; null where that is out of reach, above 20 sites or 2^32
 * multiplications, 2^n · n · m.
 */
export function exactMismatch(model: IsingModel, layer: LayerArrays, kernels: Kernels): ExactMismatch | null {
  const { visible, hidden } = layer;
  if (visible > MAX_SITES || 2 ** visible * visible * hidden > MAX_WORK) return null;
  const states = bitMatrix(2 ** visible, visible);
  for (let state = 0; state < states.rows; state++) states.words[state] = state;
  const effective = visibleHamiltonians(layer, kernels);
  const { probabilities } = visibleDistribution(effective, kernels);
  const differences = isingHamiltonians(model, states).map((h, state) => h - effective[state]);
  const average = (weights: Float64Array): number =>
    compensatedSum(differences.map((difference, state) => weights[state] * difference));
  return { data: average(boltzmannDistribution(model)), model: average(probabilities) };
}
