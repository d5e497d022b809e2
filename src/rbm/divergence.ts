import { DivergenceError } from "../errors/index.js";
import type { LayerArrays } from "../kernels/index.js";
import type { TrainingOptions } from "./training-options.js";

/** Throw a DivergenceError that names the place and the likely knob if a parameter is not finite or has exploded. */
export function requireConverging(
  parameters: LayerArrays,
  options: TrainingOptions,
  place: { readonly layer: number; readonly epoch: number },
): void {
  let largest = 0;
  for (const array of [parameters.weights, parameters.visibleBias, parameters.hiddenBias]) {
    for (let k = 0; k < array.length; k++) {
      const magnitude = Math.abs(array[k]);
      if (!(magnitude <= largest)) largest = magnitude;
      if (largest !== largest) break;
    }
  }
  if (largest <= options.maxWeight) return;
  const found = Number.isFinite(largest)
    ? `the largest |parameter| is ${largest.toPrecision(3)}`
    : "a parameter is not finite";
  throw new DivergenceError(
    `training diverged in layer ${place.layer}, epoch ${place.epoch}: ${found} (limit ${options.maxWeight}). ` +
      `The likely cause is learning_rate = ${options.learningRate}; try a tenth of it` +
      (options.momentum > 0.9 ? `, or a momentum below 0.9 (now ${options.momentum}).` : ".") +
      ` If weights this large are meant, raise max_weight.`,
  );
}
