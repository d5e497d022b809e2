import { addDataPhase } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";

/**
 * Persistent contrastive divergence PCD-k (Tieleman 2008): the model phase is a set of chains that advance k Gibbs
 * steps per update and are never reset. They start from the uniform distribution, and may be more than a batch.
 */
export const pcd: EstimatorFactory = ({
  layer,
  kernels,
  batchSize,
  steps,
  chains,
  key: startKey,
  target,
}) => {
  const data = new LayerBuffers(layer, kernels, batchSize);
  const model = new LayerBuffers(layer, kernels, chains);
  const samples = model.visible(chains);
  kernels.rbm.sampleUnits(layer.units, kernels.allocateFloat32(chains * layer.visible), startKey, samples);
  return {
    phases(batch, key) {
      return {
        addData: (weight, direction) => {
          addDataPhase(layer, data, target, batch, weight, direction);
        },
        addModel: (weight, direction) => {
          model.addStatistics(model.gibbs(samples, steps, key), weight, direction);
        },
        modelSamples: samples,
      };
    },
  };
};
