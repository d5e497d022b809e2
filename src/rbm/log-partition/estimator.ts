import type { LogPartitionEstimate } from "./estimate.js";
import type { ModelEnsemble } from "./model-ensemble.js";
import type { LogPartitionProblem } from "./problem.js";

/** One way to estimate ln Z_λ. */
export interface LogPartitionEstimator {
  /** Why it cannot be used for a layer, in words; null where it can. */
  obstacle(problem: LogPartitionProblem): string | null;
  /** The estimate, from the runs that it shares with other estimators. */
  estimate(ensemble: ModelEnsemble): Promise<LogPartitionEstimate>;
}
