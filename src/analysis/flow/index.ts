export {
  analyzeFlow,
  type Flow,
  type FlowAnalysis,
  type FlowOptions,
  type FlowProgress,
  type FlowSubject,
} from "./analysis.js";
export { cheapestAssignment } from "./assignment.js";
export { findFixedPoints, type FixedPoint, type FlowDirections } from "./fixed-points.js";
export { readState } from "./gibbs-flow.js";
export { gridShape, type HiddenLayout, layOut, onGrid } from "./hidden-layout.js";
export { layerFlow } from "./layer-flow.js";
export { type FlowMachineName, flowMachineNames } from "./nulls.js";
export { type CouplingChange, couplingChange, type FlowPoint, type Trajectory } from "./trajectory.js";
export { type FlowKind, type FlowVerdict, type ThermometerVerdict } from "./verdict.js";
