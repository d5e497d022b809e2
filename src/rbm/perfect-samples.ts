import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays } from "../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../random/index.js";
import { transposeRbm, visibleDistribution, visibleHamiltonians } from "./ensemble.js";

/**
 * `count` independent samples of the model itself: states of the smaller layer drawn from their enumerated distribution and,
 * where that is the hidden one, visible units drawn from P(v | h). `key` names this call alone. Cost 2^min(n, m) · n · m;
 * DomainError above 24 units.
 */
export function perfectSamples(layer: LayerArrays, count: number, key: SeedKey, kernels: Kernels): BitMatrix {
  const { visible, hidden } = layer;
  if (visible <= hidden) return drawStates(visibleHamiltonians(layer, kernels), visible, count, key, kernels);
  const hamiltonians = visibleHamiltonians(transposeRbm(layer), kernels);
  const states = drawStates(hamiltonians, hidden, count, key, kernels);
  const out = bitMatrix(count, visible);
  const sample = { key: deriveKey(key, "gibbsChain"), out };
  kernels.rbm.visibleGivenHidden(layer, states, { sample });
  return out;
}

/** Rows drawn from the states of `units` units, which the table gives −ln of the weights of. */
function drawStates(
  hamiltonians: Float64Array,
  units: number,
  count: number,
  key: SeedKey,
  kernels: Kernels,
): BitMatrix {
  const { probabilities } = visibleDistribution(hamiltonians, kernels);
  const stream = new RandomStream(deriveKey(key, "persistentChains"));
  const out = bitMatrix(count, units);
  let total = 0;
  const cumulative = probabilities.map((p) => (total += p));
  for (let row = 0; row < count; row++) out.words[row] = firstAbove(cumulative, stream.nextUniform() * total);
  return out;
}

/** The smallest index with cumulative[index] > x; the last one where there is none. */
function firstAbove(cumulative: Float64Array, x: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
