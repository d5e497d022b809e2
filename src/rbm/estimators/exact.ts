import { DomainError } from "../../errors/index.js";
import { exactModelStatistics } from "../ensemble.js";
import { addDataPhase, addScaledStatistics } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";

/** Largest smaller layer for which an enumeration in every training step is sensible. */
export const MAX_EXACT_UNITS = 20;

/** The model phase by enumeration of the smaller layer, min(n, m) ≤ 20. */
export const exact: EstimatorFactory = ({ layer, kernels, batchSize, target }) => {
  const smaller = Math.min(layer.visible, layer.hidden);
  if (smaller > MAX_EXACT_UNITS) {
    throw new DomainError(
      `estimator exact enumerates the smaller layer, at most ${MAX_EXACT_UNITS} units; this layer is ` +
        `${layer.visible} × ${layer.hidden}. Use estimator cd or pcd, or fewer units.`,
    );
  }
  const buffers = new LayerBuffers(layer, kernels, batchSize);
  return {
    phases(batch) {
      return {
        addData: (weight, direction) => {
          addDataPhase(layer, buffers, target, batch, weight, direction);
        },
        addModel: (weight, direction) => {
          addScaledStatistics(exactModelStatistics(layer), weight, direction);
        },
        modelSamples: null,
      };
    },
  };
};
