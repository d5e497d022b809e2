import { DomainError } from "../../errors/index.js";
import { exactModelStatistics } from "../ensemble.js";
import { LayerBuffers } from "../layer-buffers.js";
import { exactLogPartition } from "../log-partition/exact.js";
import { dataPhases } from "./data-phase.js";
import type { Estimator, EstimatorFactory, EstimatorSetup, Phase } from "./estimator.js";
import { StateTables } from "./state-tables.js";

/** Largest smaller layer for which an enumeration in every training step is sensible. */
export const MAX_EXACT_UNITS = 20;

/**
 * The model phase by enumeration of the smaller layer, min(n, m) ≤ 20. With at most 20 visible units both phases may be
 * sums over tables of the visible states; above that, the model's averages of D are out of reach.
 */
export const exact: EstimatorFactory = (setup) => {
  const { layer, hamiltonianOf, target } = setup;
  const smaller = Math.min(layer.visible, layer.hidden);
  if (smaller > MAX_EXACT_UNITS) {
    throw new DomainError(
      `estimator exact enumerates the smaller layer, at most ${MAX_EXACT_UNITS} units; this layer is ` +
        `${layer.visible} × ${layer.hidden}. Use estimator cd or pcd, or fewer units.`,
    );
  }
  if (target !== null) return enumerated(setup);
  const tabulated = hamiltonianOf !== null && layer.visible <= MAX_EXACT_UNITS;
  return tabulated ? dataRows(setup, modelTables(setup)) : dataRows(setup, smallerLayer(setup));
};

/** Both phases from the same tables of visible states. */
function enumerated(setup: EstimatorSetup): Estimator {
  const tables = new StateTables(setup, ["data", "model"]);
  const phases = {
    data: tables.phase("data"),
    model: tables.phase("model"),
    logPartition: () => tables.logPartition,
  };
  return {
    modelSamples: null,
    state: {},
    phases() {
      tables.refresh();
      return phases;
    },
  };
}

/** The model phase, made anew for every batch. */
type ModelPhases = () => { readonly model: Phase; readonly logPartition: () => number };

/** The data phase over the rows of the batch. */
function dataRows(setup: EstimatorSetup, modelPhase: ModelPhases): Estimator {
  const { layer, kernels, arena, batchSize } = setup;
  const dataPhase = dataPhases(setup, new LayerBuffers(layer, kernels, arena, batchSize));
  return {
    modelSamples: null,
    state: {},
    phases: (batch, _, hamiltonians) => ({ data: dataPhase(batch, hamiltonians), ...modelPhase() }),
  };
}

function modelTables(setup: EstimatorSetup): ModelPhases {
  const tables = new StateTables(setup, ["model"]);
  return () => {
    tables.refresh();
    return { model: tables.phase("model"), logPartition: () => tables.logPartition };
  };
}

/** Statistics and ln Z_λ from the states of the smaller layer; no averages of D, whose H_λ needs those of the visible one. */
function smallerLayer({ layer, kernels }: EstimatorSetup): ModelPhases {
  const refuse = (): never => {
    throw new DomainError(
      `⟨D⟩_λ of a ${layer.visible} × ${layer.hidden} layer: exact only with at most ${MAX_EXACT_UNITS} visible units. ` +
        `Use estimator pcd.`,
    );
  };
  return () => ({
    model: {
      addStatistics(weight, direction) {
        direction.addDense(exactModelStatistics(layer, kernels), weight);
      },
      mismatch: refuse,
      addCovariance: refuse,
    },
    logPartition: () => exactLogPartition(layer, kernels),
  });
}
