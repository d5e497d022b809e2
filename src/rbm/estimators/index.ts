import { cd } from "./cd.js";
import type { EstimatorFactory } from "./estimator.js";
import { exact } from "./exact.js";
import { pcd } from "./pcd.js";

export type { Estimator, EstimatorSetup, Phase, Phases, TargetDistribution } from "./estimator.js";
export { MAX_EXACT_UNITS } from "./exact.js";

/** Every estimator of the model phase. A new one is its file and its line here. */
export const estimators = { cd, pcd, exact } as const satisfies Record<string, EstimatorFactory>;

/** The name of an estimator of the gradient in the table. */
export type EstimatorName = keyof typeof estimators;

/** Estimators whose model phase stays near the data: a contrast to them, but no average over the model itself. */
export const contrastiveEstimators: readonly EstimatorName[] = ["cd"];
