import type { UnitType } from "../kernels/index.js";
import type { AssessmentChoice } from "./assessment-effort.js";
import type { EstimatorName } from "./estimators/index.js";
import type { ObjectiveName, ObjectiveOptions } from "./objectives/index.js";
import type { OptimizerName, Penalty } from "./optimizers/index.js";
import type { RateScheduleName } from "./schedules.js";

/** Everything that decides how one layer is trained. */
export interface TrainingOptions extends ObjectiveOptions {
  /** The values of the units of both layers. */
  readonly units: UnitType;
  /** The loss: kl KL(P‖P_λ), free-energy (F − F_λ + gauge)², trace Var_P(H − H_λ), hybrid KL + μ(F − F_λ)². */
  readonly objective: ObjectiveName;
  /** Where averages over the model come from: cd near the data, pcd persistent chains, exact sums over all states. */
  readonly estimator: EstimatorName;
  /** Gibbs steps per update (cd, pcd). */
  readonly steps: number;
  /** Persistent chains (pcd). */
  readonly chains: number;
  /** Passes over the data. */
  readonly epochs: number;
  /** The result is the mean of the parameters over the updates of so many last epochs (default 0: the last parameters). */
  readonly averagedEpochs?: number;
  /** Find ln Z_λ and samples of the model after every epoch, even if the objective needs neither (absent: false). */
  readonly estimateLogPartition?: AssessmentChoice;
  /** Configurations an update; the last batch of an epoch may have fewer. */
  readonly batchSize: number;
  /** What turns a gradient into an update. */
  readonly optimizer: OptimizerName;
  /** Rate at the beginning of training. */
  readonly learningRate: number;
  /** Rate at the end of training for schedules that fall. */
  readonly finalLearningRate: number;
  /** How the rate goes from `learningRate` to `finalLearningRate` over all updates; constant: not at all. */
  readonly rateSchedule: RateScheduleName;
  /** Momentum of sgd, β₁ of adam; in [0, 1). */
  readonly momentum: number;
  /** β₂ of adam; in [0, 1). */
  readonly secondMomentDecay: number;
  /** What large weights cost. */
  readonly penalty: Penalty;
  /** Train the biases; with false they stay zero and the model keeps the symmetry v → −v. */
  readonly bias: boolean;
  /** Use the centred gradient. */
  readonly centered: boolean;
  /** Standard deviation of the initial weights. */
  readonly initialDeviation: number;
  /** Training stops with a DivergenceError once any |parameter| exceeds this. */
  readonly maxWeight: number;
}
