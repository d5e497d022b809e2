import type { BitMatrix, Kernels, LayerArrays } from "../kernels/index.js";
import { meanHiddenGivenVisible } from "../rbm/energy.js";

/**
 * ⟨h⟩ of every layer in [−1, 1] for every row, rows × units, by passing means upwards from the configurations. Above the
 * first layer the units below are not bits but means, which the kernels do not take; those layers are small.
 */
export function hiddenMeans(
  layers: readonly LayerArrays[],
  visible: BitMatrix,
  kernels: Kernels,
): readonly Float32Array[] {
  const { rows } = visible;
  const all: Float32Array[] = [];
  for (const layer of layers) {
    const means = new Float32Array(rows * layer.hidden);
    const below = all.at(-1);
    if (below === undefined) kernels.rbm.hiddenGivenVisible(layer, visible, { means });
    else {
      for (let row = 0; row < rows; row++) {
        const input = below.subarray(row * layer.visible, (row + 1) * layer.visible);
        means.set(meanHiddenGivenVisible(layer, input), row * layer.hidden);
      }
    }
    all.push(means);
  }
  return layers.map(({ units }, index) => (units === "spin" ? all[index] : all[index].map((p) => 2 * p - 1)));
}
