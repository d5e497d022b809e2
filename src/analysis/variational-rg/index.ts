export { isRbmExample, vennExamples } from "./examples.js";
export {
  type Measures,
  type Memberships,
  memberships,
  measureTransformation,
  nearReach,
} from "./memberships.js";
export { overfittingBias } from "./overfitting.js";
export { rbmTransformation } from "./rbm-transformation.js";
export { exactTraceCondition, sampledTraceCondition, traceMismatches } from "./trace-condition.js";
