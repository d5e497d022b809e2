import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import type { Direction } from "../direction.js";
import { weightedStatistics, type SufficientStatistics } from "../ensemble.js";
import type { TargetDistribution } from "./estimator.js";
import type { LayerBuffers } from "../layer-buffers.js";

/** direction += weight · ⟨…⟩_P: over the enumerated target distribution if there is one, else over the batch. */
export function addDataPhase(
  layer: LayerArrays,
  kernels: Kernels,
  buffers: LayerBuffers,
  target: TargetDistribution | null,
  batch: BitMatrix,
  weight: number,
  direction: Direction,
): void {
  if (target === null) buffers.addStatistics(batch, weight, direction);
  else addScaledStatistics(weightedStatistics(layer, target, kernels), weight, direction);
}

export function addScaledStatistics(
  statistics: SufficientStatistics,
  weight: number,
  direction: Direction,
): void {
  for (const name of ["weights", "visibleBias", "hiddenBias"] as const) {
    const source = statistics[name];
    const out = direction[name];
    for (let k = 0; k < out.length; k++) out[k] += weight * source[k];
  }
}
