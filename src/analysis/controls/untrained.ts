import type { LayerArrays } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { initializeWeights, zeroRbm } from "../../rbm/parameters.js";

/** Layers of the same sizes as training would begin with: weights from N(0, deviation²), biases zero. */
export function untrained(
  layers: readonly LayerArrays[],
  deviation: number,
  key: SeedKey,
): readonly LayerArrays[] {
  return layers.map(({ units, visible, hidden }, index) => {
    const layer = zeroRbm(units, visible, hidden);
    initializeWeights(layer, deviation, deriveKey(key, "layer", index + 1));
    return layer;
  });
}
