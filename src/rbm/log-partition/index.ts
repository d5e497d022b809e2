import { withError } from "../../statistics/number-text.js";
import { ais } from "./ais.js";
import { bennett } from "./bennett.js";
import { distinctRows, impossibleMass, logMass } from "./data-mass.js";
import type { LogPartitionEstimate } from "./estimate.js";
import type { LogPartitionEstimator } from "./estimator.js";
import { exact } from "./exact.js";
import { ModelEnsemble } from "./model-ensemble.js";
import type { LogPartitionProblem } from "./problem.js";
import { reverseAis } from "./reverse-ais.js";
import { disagree, joinDoubts } from "./verdict.js";

export type { LogPartitionEstimate, LogPartitionTracker } from "./estimate.js";
export type { LogPartitionEstimator } from "./estimator.js";
export { ModelEnsemble } from "./model-ensemble.js";
export { exactTracker, logPartitionTracker, sequentialTracker, type TrackerSetup } from "./tracking/index.js";
export {
  type AnnealingOptions,
  automaticAnnealing,
  type KnownEnsemble,
  type LogPartitionProblem,
} from "./problem.js";

/** Every estimator of ln Z_λ. A new one is its file and its line here. */
const logPartitionEstimators = {
  exact,
  ais,
  "reverse-ais": reverseAis,
  bennett,
} as const satisfies Record<string, LogPartitionEstimator>;

/** The name of an estimator of ln Z_λ in the table. */
export type LogPartitionEstimatorName = keyof typeof logPartitionEstimators;

export const logPartitionEstimatorNames = Object.keys(
  logPartitionEstimators,
) as readonly LogPartitionEstimatorName[];

/** An estimate and where it comes from. */
export interface NamedEstimate extends LogPartitionEstimate {
  /**
   * What gave it. exact: enumeration; ais: chains led from independent units to the model; reverse-ais: back from it;
   * bennett: chains led both ways between the Ising model of the data and the layer.
   */
  readonly estimator: LogPartitionEstimatorName;
}

/**
 * ln Z_λ by every estimator of `names` that can be used for the layer, in the order of the table, each held against the
 * others: an estimate is doubted where it differs from another by more than 3 standard deviations of both, and where the
 * data would carry more than probability 1. The runs they share are made once; samples of the model remain in `ensemble`.
 */
export async function estimateLogPartition(
  problem: LogPartitionProblem,
  names: readonly LogPartitionEstimatorName[] = logPartitionEstimatorNames,
  ensemble: ModelEnsemble = new ModelEnsemble(problem),
): Promise<readonly NamedEstimate[]> {
  const estimates: NamedEstimate[] = [];
  for (const name of logPartitionEstimatorNames) {
    const estimator = logPartitionEstimators[name];
    if (!names.includes(name) || estimator.obstacle(problem) !== null) continue;
    estimates.push({ estimator: name, ...(await estimator.estimate(ensemble)) });
  }
  const { data, layer, kernels } = problem;
  const mass = data === null ? -Infinity : logMass(layer, distinctRows(data), kernels);
  return estimates.map((estimate) => ({
    ...estimate,
    doubt: joinDoubts(
      estimate.doubt,
      impossibleMass(estimate, mass),
      ...estimates.map((other) => contradiction(estimate, other)),
    ),
  }));
}

/**
 * The estimate to use: the exact one, else of those without a doubt, or of all, the one with the smallest error; null
 * where there is none.
 *
 * @param estimates of the same ln Z_λ, see `Evaluation`
 */
export function bestEstimate(estimates: readonly NamedEstimate[]): NamedEstimate | null {
  const trusted = estimates.filter(({ doubt }) => doubt === null);
  const candidates = trusted.length > 0 ? trusted : estimates;
  return candidates.reduce<NamedEstimate | null>(
    (best, estimate) => (best === null || estimate.error < best.error ? estimate : best),
    null,
  );
}

function contradiction(estimate: NamedEstimate, other: NamedEstimate): string | null {
  if (estimate.error === 0 || !disagree(estimate, other)) return null;
  return `disagrees with ${other.estimator}, ${withError(other.value, other.error)}`;
}
