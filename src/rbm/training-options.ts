import type { UnitType } from "../kernels/index.js";
import type { AssessmentChoice } from "./assessment-effort.js";
import type { EstimatorName } from "./estimators/index.js";
import type { ObjectiveName, ObjectiveOptions } from "./objectives/index.js";
import type { OptimizerName, Penalty } from "./optimizers/index.js";
import type { RateScheduleName } from "./schedules.js";

/** Everything that decides how one layer is trained. */
export interface TrainingOptions extends ObjectiveOptions {
  readonly units: UnitType;
  readonly objective: ObjectiveName;
  readonly estimator: EstimatorName;
  /** Gibbs steps per update (cd, pcd). */
  readonly steps: number;
  /** Persistent chains (pcd). */
  readonly chains: number;
  readonly epochs: number;
  /** The result is the mean of the parameters over the updates of so many last epochs (default 0: the last parameters). */
  readonly averagedEpochs?: number;
  /** Find ln Z_λ and samples of the model after every epoch, even if the objective needs neither (default: false). */
  readonly estimateLogPartition?: AssessmentChoice;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  /** Rate at the end of training for schedules that fall. */
  readonly finalLearningRate: number;
  readonly rateSchedule: RateScheduleName;
  readonly momentum: number;
  /** β₂ of adam. */
  readonly secondMomentDecay: number;
  readonly penalty: Penalty;
  /** Train the biases; with false they stay zero and the model keeps the symmetry v → −v. */
  readonly bias: boolean;
  /** Use the centred gradient. */
  readonly centered: boolean;
  /** Standard deviation of the initial weights. */
  readonly initialDeviation: number;
  /** Training stops with a DivergenceError once any |weight| exceeds this. */
  readonly maxWeight: number;
}
