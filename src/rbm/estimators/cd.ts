import { dataPhases } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";
import { RowsPhase } from "./rows-phase.js";

/**
 * Contrastive divergence CD-k (Hinton 2002): the model phase is k Gibbs steps away from the data, walked when it is first
 * asked for. The hidden means of the data and the first hidden sample come from one product.
 */
export const cd: EstimatorFactory = (setup) => {
  const { layer, kernels, arena, batchSize, steps, hamiltonianOf } = setup;
  const data = new LayerBuffers(layer, kernels, arena, batchSize);
  const model = new LayerBuffers(layer, kernels, arena, batchSize);
  const dataPhase = dataPhases(setup, data);
  return {
    modelSamples: null,
    state: {},
    phases(batch, key, hamiltonians) {
      let walked: ReturnType<LayerBuffers["gibbsWithMeans"]> | null = null;
      const walk = () => (walked ??= data.gibbsWithMeans(batch, steps, key));
      return {
        data: dataPhase(batch, hamiltonians, () => walk().means),
        model: new RowsPhase({
          layer,
          kernels,
          rows: () => walk().end,
          means: () => model.hiddenMeans(walk().end),
          hamiltonians: () => hamiltonianOf?.(walk().end) ?? null,
        }),
        logPartition: () => null,
      };
    },
  };
};
