import type { BitMatrix, Kernels, LayerArrays } from "../kernels/index.js";
import { groupedMean, type GroupedMean, sampleGroups } from "../statistics/index.js";
import { effectiveHamiltonians } from "./effective-hamiltonian.js";

/**
 * ⟨ln P_λ(v)⟩/n = −(⟨H_λ⟩ + ln Z_λ)/n over the rows, in nats per visible unit: −ln 2 for the uniform distribution of
 * 0/1 or ±1 units, and on average at most minus the entropy per unit of what the rows come from. The error is that of
 * the mean over the rows and of ln Z_λ.
 *
 * @param layer the model
 * @param rows configurations, a row each
 * @param chains how many chains the rows come from, row = round·chains + chain; null: not known, blocks of rows instead
 * @param logPartition ln Z_λ, nats
 * @param logPartition.value ln Z_λ
 * @param logPartition.error one standard deviation of it
 * @param kernels do the sums
 */
export function logLikelihoodPerUnit(
  layer: LayerArrays,
  rows: BitMatrix,
  chains: number | null,
  logPartition: { readonly value: number; readonly error: number },
  kernels: Kernels,
): GroupedMean {
  const { value, error } = groupedMean(
    effectiveHamiltonians(layer, rows, kernels),
    sampleGroups(rows.rows, chains),
  );
  const n = layer.visible;
  return {
    value: -(value + logPartition.value) / n,
    error: Math.sqrt(error * error + logPartition.error * logPartition.error) / n,
  };
}
