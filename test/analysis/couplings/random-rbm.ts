import type { LayerArrays } from "../../../src/kernels/index.js";
import { deriveKey, fillStandardNormal, seedKey } from "../../../src/random/index.js";
import type { Rbm, UnitType } from "../../../src/rbm/parameters.js";

/** An RBM with normal weights of deviation `scale` and biases of half of that. */
export function randomRbm(
  visible: number,
  hidden: number,
  scale: number,
  units: UnitType = "spin",
  seed = "couplings",
): Rbm {
  const normal = (length: number, index: number, deviation: number): Float64Array => {
    const out = new Float64Array(length);
    fillStandardNormal(deriveKey(seedKey(seed), "analysis", index), out);
    return out.map((x) => deviation * x);
  };
  return {
    units,
    visible,
    hidden,
    weights: normal(visible * hidden, 0, scale),
    visibleBias: normal(visible, 1, scale / 2),
    hiddenBias: normal(hidden, 2, scale / 2),
  };
}

/** An RBM in single precision, as the kernels take it. */
export function single(rbm: Rbm): LayerArrays {
  return {
    ...rbm,
    weights: Float32Array.from(rbm.weights),
    visibleBias: Float32Array.from(rbm.visibleBias),
    hiddenBias: Float32Array.from(rbm.hiddenBias),
  };
}
