export { vennExamples } from "./examples.js";
export {
  type Measures,
  type Memberships,
  memberships,
  measureTransformation,
  nearReach,
} from "./memberships.js";
export { rbmTransformation } from "./rbm-transformation.js";
export { exactTraceCondition, sampledTraceCondition, traceMismatches } from "./trace-condition.js";
