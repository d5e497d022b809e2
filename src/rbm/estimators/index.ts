import { cd } from "./cd.js";
import type { EstimatorFactory } from "./estimator.js";
import { exact } from "./exact.js";
import { pcd } from "./pcd.js";

export type { Estimator, EstimatorSetup, Phases, TargetDistribution } from "./estimator.js";
export { MAX_EXACT_UNITS } from "./exact.js";

/** Every estimator of the model phase. A new one is its file and its line here. */
export const estimators = { cd, pcd, exact } as const satisfies Record<string, EstimatorFactory>;

export type EstimatorName = keyof typeof estimators;
