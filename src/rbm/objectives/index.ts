import { kl } from "./kl.js";
import type { Objective } from "./objective.js";

export type { Objective } from "./objective.js";

/** Every objective. A new one is its file and its line here. */
export const objectives = { kl } as const satisfies Record<string, Objective>;

export type ObjectiveName = keyof typeof objectives;
