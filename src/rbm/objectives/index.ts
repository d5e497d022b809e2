export { type GaugeName, gauges } from "./gauges/index.js";
export type { LossTerms, Objective, ObjectiveNeeds, ObjectiveOptions } from "./objective.js";
export { type ObjectiveName, objectives } from "./table.js";
export { type UnmetNeed, unmetNeeds } from "./unmet-needs.js";
