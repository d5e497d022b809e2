import { addDataPhase } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";

/**
 * Contrastive divergence CD-k (Hinton 2002): the model phase is k Gibbs steps away from the data. The hidden means of
 * the data and the first hidden sample come from one product.
 */
export const cd: EstimatorFactory = ({ layer, kernels, arena, batchSize, steps, target }) => {
  const data = new LayerBuffers(layer, kernels, arena, batchSize);
  const model = new LayerBuffers(layer, kernels, arena, batchSize);
  return {
    modelSamples: null,
    state: {},
    phases(batch, key) {
      const { means, end } = data.gibbsWithMeans(batch, steps, key);
      return {
        addData: (weight, direction) => {
          if (target !== null) addDataPhase(layer, kernels, data, target, batch, weight, direction);
          else direction.addTerm({ visible: batch, hiddenMeans: means, scale: weight / batch.rows });
        },
        addModel: (weight, direction) => {
          model.addStatistics(end, weight, direction);
        },
      };
    },
  };
};
