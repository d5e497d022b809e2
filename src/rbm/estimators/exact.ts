import { DomainError } from "../../errors/index.js";
import { stateCount } from "../../kernels/index.js";
import { exactModelStatistics } from "../ensemble.js";
import { LayerBuffers } from "../layer-buffers.js";
import { addScaledStatistics } from "./data-phase.js";
import type { EstimatorFactory, Phases } from "./estimator.js";

/** Largest smaller layer for which an enumeration in every training step is sensible. */
export const MAX_EXACT_UNITS = 20;

/**
 * The model phase by enumeration of the smaller layer, min(n, m) ≤ 20. With an enumerated target distribution (at most 20
 * visible units) both phases are sums over the same table of visible states.
 */
export const exact: EstimatorFactory = ({ layer, kernels, arena, batchSize, target }) => {
  const smaller = Math.min(layer.visible, layer.hidden);
  if (smaller > MAX_EXACT_UNITS) {
    throw new DomainError(
      `estimator exact enumerates the smaller layer, at most ${MAX_EXACT_UNITS} units; this layer is ` +
        `${layer.visible} × ${layer.hidden}. Use estimator cd or pcd, or fewer units.`,
    );
  }
  if (target !== null) {
    const { enumeration } = kernels;
    const states = stateCount(layer.visible);
    const distribution = arena.float64(states);
    distribution.set(target);
    const table = arena.float64(states); // H_λ, then P_λ
    return {
      modelSamples: null,
      state: {},
      phases(): Phases {
        enumeration.hamiltonians(layer, table);
        enumeration.distribution(table, table);
        const [data, model] = enumeration.statistics(layer, [distribution, table]);
        return {
          addData: (weight, direction) => {
            addScaledStatistics(data, weight, direction);
          },
          addModel: (weight, direction) => {
            addScaledStatistics(model, weight, direction);
          },
        };
      },
    };
  }
  const buffers = new LayerBuffers(layer, kernels, arena, batchSize);
  return {
    modelSamples: null,
    state: {},
    phases(batch): Phases {
      return {
        addData: (weight, direction) => {
          buffers.addStatistics(batch, weight, direction);
        },
        addModel: (weight, direction) => {
          addScaledStatistics(exactModelStatistics(layer, kernels), weight, direction);
        },
      };
    },
  };
};
