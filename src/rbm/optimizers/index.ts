import { adam } from "./adam.js";
import type { OptimizerFactory } from "./optimizer.js";
import { sgd } from "./sgd.js";

export type { L1Form, Optimizer, OptimizerOptions, Penalty } from "./optimizer.js";

/** Every optimiser. A new one is its file and its line here. */
export const optimizers = { sgd, adam } as const satisfies Record<string, OptimizerFactory>;

/** The name of an optimiser in the table. */
export type OptimizerName = keyof typeof optimizers;
