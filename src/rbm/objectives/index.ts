export { type GaugeName, gauges } from "./gauges/index.js";
export type { LossTerms, Objective, ObjectiveOptions } from "./objective.js";
export { type ObjectiveName, objectives } from "./table.js";
export { unmetNeeds } from "./unmet-needs.js";
