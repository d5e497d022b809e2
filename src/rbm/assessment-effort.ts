import type { LayerArrays } from "../kernels/index.js";
import { modestAnnealing } from "./log-partition/effort.js";
import { type AnnealingOptions, automaticAnnealing } from "./log-partition/problem.js";

/** The size of a layer. */
type LayerSize = Pick<LayerArrays, "visible" | "hidden">;

/**
 * Whether ln Z_λ and samples of the model are found after every epoch: `auto` where that is cheap, by enumeration or for at
 * most 64 × 256 weights.
 */
export type AssessmentChoice = boolean | "auto";

/** Target distributions of at most this many sites are tabulated. */
export const MAX_ASSESSED_UNITS = 16;

/** Layers are enumerated after every epoch if that takes at most about this many multiplications, a fraction of a second. */
const MAX_ENUMERATION_WORK = 2 ** 25;

/** Layers of at most so many weights are assessed without being asked. */
const SMALL_LAYER = 64 * 256;

/** Whether ln Z and the exact averages of a layer are cheap enough to be known after every epoch. */
export function isEnumerable({ visible, hidden }: LayerSize): boolean {
  return 2 ** Math.min(visible, hidden) * visible * hidden <= MAX_ENUMERATION_WORK;
}

/** Whether a layer of this size is assessed in full. */
export function isAssessed(choice: AssessmentChoice, layer: LayerSize): boolean {
  if (choice !== "auto") return choice;
  return isEnumerable(layer) || layer.visible * layer.hidden <= SMALL_LAYER;
}

/** How much work goes into ln Z_λ after an epoch of so many Gibbs updates over all rows: less where nobody asked for it. */
export function assessmentAnnealing(choice: AssessmentChoice, updates: number): AnnealingOptions {
  return choice === "auto" ? modestAnnealing(updates) : automaticAnnealing;
}
