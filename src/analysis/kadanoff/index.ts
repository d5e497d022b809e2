export { blockStep, stationaryDistribution } from "./block-map.js";
export { type Linearization } from "./exponents.js";
export {
  type CriticalFixedPoint,
  criticalFixedPoint,
  type FixedPointSymmetry,
  optimalFixedPoint,
  partitionSlope,
} from "./fixed-point.js";
export {
  couplingAxes,
  type CouplingAxis,
  type FlowPoint,
  kadanoffFlow,
  mapCriticalCoupling,
} from "./flow.js";
export { freeEnergyTable, type FreeEnergyRow, logPartitionBound, optimalBound } from "./free-energy.js";
export {
  isingPotential,
  type PlaquetteCouplings,
  plaquetteCouplings,
  plaquettePotential,
} from "./plaquette.js";
export { type FixedPointRow, type FlowRow, kadanoffSurvey, type KadanoffSurvey } from "./survey.js";
