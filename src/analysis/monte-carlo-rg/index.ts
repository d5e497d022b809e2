export { blockConfigurations } from "./block-configurations.js";
export { type BlockRule, blockedShape } from "./block-rule.js";
export { type BlockRuleName, blockRuleNames, blockRules } from "./block-rules.js";
export { type CouplingOperator, couplingOperator, type Offset, type Parity } from "./coupling-operator.js";
export { evenCouplings, oddCouplings } from "./coupling-sets.js";
export { isCritical } from "./critical-point.js";
export { decimationRule } from "./decimation.js";
export { randomFilterRule, type SharedFilter, sharedFilterRule, signFilterRule } from "./filter.js";
export {
  type FilterObjective,
  filterObjectives,
  type FilterTraining,
  trainFilter,
} from "./filter-training.js";
export { renormalizationMatrix } from "./linearized-flow.js";
export { majorityRule } from "./majority.js";
export { LANES, OperatorSums, type TorusShape } from "./operator-sums.js";
export {
  levelShapes,
  MonteCarloRenormalization,
  type RenormalizationOptions,
  type SectorBlocks,
} from "./renormalization.js";
export {
  type CouplingMean,
  type ExponentEstimate,
  type MatrixElement,
  monteCarloRgResult,
  type MonteCarloRgResult,
} from "./results.js";
export { symmetryClasses, TiedRbm } from "./tied-rbm.js";
export { momentIndex, SectorSums } from "./sector-sums.js";
