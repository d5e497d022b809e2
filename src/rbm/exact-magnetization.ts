import { logistic } from "../kernels/elementary.js";
import { type Kernels, type LayerArrays, popcount } from "../kernels/index.js";
import { compensatedSum } from "../statistics/index.js";
import { transposeRbm, visibleDistribution, visibleHamiltonians } from "./ensemble.js";
import { isSymmetric } from "./log-partition/symmetry.js";
import type { SampleMagnetization } from "./sample-magnetization.js";

/** Sums over hidden states take at most about this many multiplications, a second. */
const MAX_WORK = 2 ** 28;

/** Hidden states that weigh less than this add nothing in double precision. */
const NEGLIGIBLE = 1e-20;

/**
 * Mean visible unit of the model, in its own units, and P(more than half of them up), ties counted as one half, by
 * enumeration of the smaller layer: given h the visible units are independent, so that the number of them that are up has
 * the distribution of a sum of independent ones. Spin units without biases: 0 and ½, by symmetry. Null where it would take
 * more than 2^28 multiplications, 2^min(n, m) · n · (m + n/2).
 */
export function exactMagnetization(layer: LayerArrays, kernels: Kernels): SampleMagnetization | null {
  if (isSymmetric(layer)) return { magnetizationModel: 0, positiveFraction: 0.5 };
  const { visible, hidden } = layer;
  const inner = visible <= hidden ? hidden : hidden + visible / 2;
  if (2 ** Math.min(visible, hidden) * visible * inner > MAX_WORK) return null;
  return visible <= hidden ? overVisibleStates(layer, kernels) : overHiddenStates(layer, kernels);
}

function overVisibleStates(layer: LayerArrays, kernels: Kernels): SampleMagnetization {
  const { probabilities } = visibleDistribution(visibleHamiltonians(layer, kernels), kernels);
  const counts = new Float64Array(layer.visible + 1);
  probabilities.forEach((p, state) => (counts[popcount(state)] += p));
  return fromCounts(layer, counts);
}

function overHiddenStates(layer: LayerArrays, kernels: Kernels): SampleMagnetization {
  const { visible, hidden, units } = layer;
  const { probabilities } = visibleDistribution(visibleHamiltonians(transposeRbm(layer), kernels), kernels);
  const counts = new Float64Array(visible + 1);
  const ups = new Float64Array(visible);
  const low = units === "spin" ? -1 : 0;
  probabilities.forEach((p, state) => {
    if (p < NEGLIGIBLE) return;
    for (let i = 0; i < visible; i++) {
      let input = layer.visibleBias[i];
      for (let j = 0; j < hidden; j++) {
        input += layer.weights[i * hidden + j] * ((state >>> j) & 1 ? 1 : low);
      }
      ups[i] = logistic(units === "spin" ? 2 * input : input);
    }
    countDistribution(ups).forEach((q, count) => (counts[count] += p * q));
  });
  return fromCounts(layer, counts);
}

/** P(k units up), k = 0 … n, of independent units that are up with the probabilities `ups`. */
function countDistribution(ups: Float64Array): Float64Array {
  const counts = new Float64Array(ups.length + 1);
  counts[0] = 1;
  ups.forEach((p, unit) => {
    for (let k = unit + 1; k > 0; k--) counts[k] = counts[k] * (1 - p) + counts[k - 1] * p;
    counts[0] *= 1 - p;
  });
  return counts;
}

function fromCounts({ visible, units }: LayerArrays, counts: Float64Array): SampleMagnetization {
  const up = compensatedSum(counts.map((p, count) => (p * count) / visible));
  const positive = counts.map((p, count) => (2 * count > visible ? p : 2 * count === visible ? p / 2 : 0));
  return {
    magnetizationModel: units === "spin" ? 2 * up - 1 : up,
    positiveFraction: compensatedSum(positive),
  };
}
