import { data } from "./data.js";
import type { Gauge } from "./gauge.js";
import { literal } from "./literal.js";
import { model } from "./model.js";

/** Every gauge of the free-energy objective. A new one is its file and its line here. */
export const gauges = { literal, data, model } as const satisfies Record<string, Gauge>;

/** The name of a gauge of F − F_λ in the table. */
export type GaugeName = keyof typeof gauges;
