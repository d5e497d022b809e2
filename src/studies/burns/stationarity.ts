import { boltzmannDistribution, exactReference } from "../../ising/exact/index.js";
import { isingModel } from "../../ising/model.js";
import { bitMatrix, type Kernels } from "../../kernels/index.js";
import { deriveKey, seedKey } from "../../random/index.js";
import { Direction } from "../../rbm/direction.js";
import { estimators } from "../../rbm/estimators/index.js";
import { objectives } from "../../rbm/objectives/index.js";
import { isingTarget } from "../../rbm/target-model.js";
import { readLayer } from "../../runs/index.js";
import { summaryNumber } from "../study.js";
import { latticeOf, type MeasuredRun } from "./final-metrics.js";

/** A run on a lattice whose states can be enumerated, with how far from a minimum of its own objective it has ended. */
export interface OptimumRun extends MeasuredRun {
  /**
   * ‖∇_λ loss‖ / curvature at the end, exactly: how far a step of plain descent at rate 1 would move λ, 0 at every minimum. Null
   * where it is not known.
   */
  readonly slope: number | null;
}

/** The run with the slope of its objective, for a lattice of at most 20 sites. Cost: two or three sums over all states. */
export function withSlope(run: MeasuredRun, kernels: Kernels): OptimumRun {
  const { training } = run.config;
  const model = isingModel(latticeOf(run), summaryNumber(run, "coupling"));
  const layer = readLayer(run.folder, 1, training.units);
  const logPartition = exactReference(model).logPartition!;
  const arena = kernels.arena();
  try {
    const key = deriveKey(seedKey(run.config.seed), "analysis");
    const estimator = estimators.exact({
      layer,
      kernels,
      arena,
      batchSize: 1,
      steps: training.steps,
      chains: training.chains,
      key,
      target: boltzmannDistribution(model),
      hamiltonianOf: isingTarget(model, null).hamiltonianOf,
    });
    const {
      data,
      model: own,
      logPartition: ownLogPartition,
    } = estimator.phases(bitMatrix(1, layer.visible), key);
    const direction = new Direction(layer, kernels, arena, training.bias);
    const gap = (): number => ownLogPartition()! - logPartition;
    objectives[training.objective](training).descend({ data, model: own, gap }, direction);
    return { ...run, slope: Math.sqrt(direction.squaredNorm()) };
  } finally {
    arena.release();
  }
}
