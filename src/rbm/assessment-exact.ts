import { type Kernels, type LayerArrays, popcount } from "../kernels/index.js";
import type { Assessment, TargetStates } from "./assessment.js";
import { statisticsNorm, visibleDistribution, visibleHamiltonians } from "./ensemble.js";

/** Everything by summing over all visible states. */
export function assessExactly(
  layer: LayerArrays,
  { distribution, hamiltonians: targetHamiltonians }: TargetStates,
  targetLogPartition: number,
  biases: boolean,
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
  // ln P/P_λ = D up to a constant
  const variance = distribution.reduce((sum, p, state) => {
    const logRatio = hamiltonians[state] + logPartition - targetHamiltonians[state] - targetLogPartition;
    return sum + p * (logRatio - kl) ** 2;
  }, 0);
  const gap = logPartition - targetLogPartition;
  const difference = distribution.map((p, state) => p - probabilities[state]);
  const [slope, own] = kernels.enumeration.statistics(layer, [difference, probabilities]);
  return {
    logPartition,
    logPartitionError: 0,
    logPartitionReliable: 1,
    freeEnergyModel: -logPartition,
    freeEnergyGap: gap,
    freeEnergyGapError: 0,
    freeEnergyLower: -targetLogPartition - kl,
    freeEnergyUpper: -targetLogPartition + reverseKl,
    klPerSpin: kl / layer.visible,
    klPerSpinError: 0,
    meanDData: gap - kl,
    meanDDataError: 0,
    meanDModel: gap + reverseKl,
    meanDModelError: 0,
    varianceDData: variance,
    conditionKl: statisticsNorm(slope, biases),
    conditionKlNoise: 0,
    conditionRg: statisticsNorm(own, biases),
    conditionRgNoise: 0,
    magnetizationModel: layer.units === "spin" ? magnetization : (1 + magnetization) / 2,
    positiveFraction: up + ties / 2,
  };
}
