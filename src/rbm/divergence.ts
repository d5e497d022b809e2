import { DivergenceError } from "../errors/index.js";
import type { LayerArrays } from "../kernels/index.js";
import type { TrainingOptions } from "./training-options.js";

/** Throw a DivergenceError that names the place and the likely knob if a parameter is not finite or has exploded. */
export function requireConverging(
  parameters: LayerArrays,
  options: TrainingOptions,
  place: { readonly layer: number; readonly epoch: number },
): void {
  const largest = largestMagnitude(parameters);
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

/** max |parameter|; NaN if any is NaN. */
function largestMagnitude({ weights, visibleBias, hiddenBias }: LayerArrays): number {
  let largest = 0;
  for (const array of [weights, visibleBias, hiddenBias]) {
    for (let k = 0; k < array.length; k++) {
      const magnitude = Math.abs(array[k]);
      if (Number.isNaN(magnitude)) return NaN;
      if (magnitude > largest) largest = magnitude;
    }
  }
  return largest;
}
