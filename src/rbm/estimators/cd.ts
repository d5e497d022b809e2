import { addDataPhase } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";

/** Contrastive divergence CD-k (Hinton 2002): the model phase is k Gibbs steps away from the data. */
export const cd: EstimatorFactory = ({ layer, kernels, batchSize, steps, target }) => {
  const buffers = new LayerBuffers(layer, kernels, batchSize);
  return {
    phases(batch, key) {
      return {
        addData: (weight, direction) => {
          addDataPhase(layer, buffers, target, batch, weight, direction);
        },
        addModel: (weight, direction) => {
          buffers.addStatistics(buffers.gibbs(batch, steps, key), weight, direction);
        },
        modelSamples: null,
      };
    },
  };
};
