export { vennExamples } from "./examples.js";
export {
  bounds,
  type Measures,
  type Memberships,
  memberships,
  measureTransformation,
  nearReach,
  type Transformation,
} from "./memberships.js";
export { rbmTransformation } from "./rbm-transformation.js";
export {
  exactTraceCondition,
  sampledTraceCondition,
  type TraceCondition,
  traceMismatches,
} from "./trace-condition.js";
