export {
  analyzeFlow,
  type Flow,
  type FlowAnalysis,
  type FlowOptions,
  type FlowProgress,
  type FlowSubject,
  LEAST_SAMPLES,
} from "./analysis.js";
export { cheapestAssignment } from "./assignment.js";
export { findFixedPoints, type FixedPoint, type FlowDirections } from "./fixed-points.js";
export { gibbsFlow, type FlowStart, readState } from "./gibbs-flow.js";
export { gridShape, type HiddenLayout, layOut, onGrid } from "./hidden-layout.js";
export { layerFlow, layOutStack } from "./layer-flow.js";
export { type FlowMachineName, flowMachineNames, flowMachines } from "./nulls.js";
export { type CouplingChange, couplingChange, type FlowPoint, type Trajectory } from "./trajectory.js";
export { type FlowKind, type FlowVerdict, flowVerdict, type ThermometerVerdict } from "./verdict.js";
