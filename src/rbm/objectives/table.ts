import { freeEnergy } from "./free-energy.js";
import { hybrid } from "./hybrid.js";
import { kl } from "./kl.js";
import type { ObjectiveFactory } from "./objective.js";
import { trace } from "./trace.js";

/** Every objective. A new one is its file and its line here. */
export const objectives = {
  kl,
  "free-energy": freeEnergy,
  trace,
  hybrid,
} as const satisfies Readonly<Record<string, ObjectiveFactory>>;

/** The name of an objective in the table. */
export type ObjectiveName = keyof typeof objectives;
