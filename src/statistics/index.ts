export { type AutocorrelationTime, integratedAutocorrelationTime } from "./autocorrelation.js";
export { blockJackknife, type BlockJackknifeEstimate } from "./block-jackknife.js";
export {
  bootstrapIndices,
  bootstrapInterval,
  type BootstrapInterval,
  type BootstrapOptions,
} from "./bootstrap.js";
export { type Eigenvalue, eigenvalues } from "./eigenvalues.js";
export { estimateMean, type MeanEstimate } from "./estimate.js";
export { fSurvival } from "./f-distribution.js";
export { groupedMean, type GroupedMean, groupSizes, mergeGroups, sampleGroups } from "./grouped-mean.js";
export { jackknife, type JackknifeEstimate } from "./jackknife.js";
export { solveLinearSystem } from "./linear-system.js";
export { logMeanExp, LogSumExp, logSumExp } from "./log-sum-exp.js";
export { type MeanVectorTest, meanVectorTest } from "./mean-vector-test.js";
export { type Minimum, minimize, type Objective } from "./minimize.js";
export { compensatedSum, mean, median, quantile, variance } from "./moments.js";
export { leastSquares, type Regression } from "./regression.js";
export type { Series } from "./series.js";
export { splitRhat } from "./split-rhat.js";
