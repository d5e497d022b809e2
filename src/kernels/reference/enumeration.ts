import { LogSumExp } from "../../statistics/index.js";
import { exp, logistic, logTwoCosh, softplus, tanh } from "../elementary.js";
import { requireStates, stateCount } from "../enumerated-states.js";
import type { EnumerationKernels, LayerParameters, SufficientStatistics, UnitType } from "../interface.js";
import { forEachVisibleState } from "./state-walk.js";

/** The sums over all states in plain TypeScript, one traced unit after the other. */
export const referenceEnumerationKernels: EnumerationKernels = {
  hamiltonians(layer, out) {
    requireStates(layer.visible, out);
    const inputs = new Float64Array(out.length);
    fillLinear(layer, layer.visibleBias, 0, inputs);
    for (let state = 0; state < out.length; state++) out[state] = -inputs[state];
    const logTrace = layer.units === "spin" ? logTwoCosh : softplus;
    for (let j = 0; j < layer.hidden; j++) {
      fillHiddenInputs(layer, j, inputs);
      for (let state = 0; state < out.length; state++) out[state] -= logTrace(inputs[state]);
    }
  },

  logPartition(layer) {
    stateCount(layer.visible);
    const logTrace = layer.units === "spin" ? logTwoCosh : softplus;
    const total = new LogSumExp();
    forEachVisibleState(layer, (own, inputs) => {
      let term = own;
      for (const x of inputs) term += logTrace(x);
      total.add(term);
    });
    return total.value;
  },

  distribution(hamiltonians, out) {
    const total = new LogSumExp();
    for (const h of hamiltonians) total.add(-h);
    const logPartition = total.value;
    for (let state = 0; state < out.length; state++) out[state] = exp(-hamiltonians[state] - logPartition);
    return logPartition;
  },

  statistics(layer, qs) {
    const { units, visible, hidden } = layer;
    const mean = units === "spin" ? tanh : logistic;
    const means = new Float64Array(stateCount(visible));
    const weighted = new Float64Array(means.length);
    const results = qs.map((q) => {
      requireStates(visible, q);
      const statistics = zeroStatistics(layer);
      weighted.set(q);
      foldMoments(weighted, units, visible, statistics.visibleBias, 0, 1);
      return statistics;
    });
    for (let j = 0; j < hidden; j++) {
      fillHiddenInputs(layer, j, means);
      for (let state = 0; state < means.length; state++) means[state] = mean(means[state]);
      qs.forEach((q, index) => {
        for (let state = 0; state < means.length; state++) weighted[state] = q[state] * means[state];
        const { weights, hiddenBias } = results[index];
        hiddenBias[j] = foldMoments(weighted, units, visible, weights, j, hidden);
      });
    }
    return results;
  },
};

/** x_j(v) = b_j + Σ_i v_i W_ij for every visible state. */
function fillHiddenInputs(layer: LayerParameters, j: number, out: Float64Array): void {
  const column = Float64Array.from({ length: layer.visible }, (_, i) => layer.weights[i * layer.hidden + j]);
  fillLinear(layer, column, layer.hiddenBias[j], out);
}

/** out[v] = offset + Σ_i v_i a_i for every visible state, one addition each: setting bit i adds a_i times the unit's range. */
function fillLinear(
  { units, visible }: LayerParameters,
  a: ArrayLike<number>,
  offset: number,
  out: Float64Array,
): void {
  out[0] = offset;
  if (units === "spin") for (let i = 0; i < visible; i++) out[0] -= a[i];
  for (let i = 0; i < visible; i++) {
    const half = 2 ** i;
    const step = units === "spin" ? 2 * a[i] : a[i];
    for (let state = 0; state < half; state++) out[half + state] = out[state] + step;
  }
}

/**
 * out[offset + i·stride] = Σ_v f(v) v_i for every unit i, and the return value Σ_v f(v), in 2·2^n additions: the units
 * are summed out one after the other from the top, folding f (which is overwritten) in half each time.
 */
function foldMoments(
  f: Float64Array,
  units: UnitType,
  count: number,
  out: Float64Array,
  offset: number,
  stride: number,
): number {
  const low = units === "spin" ? -1 : 0;
  for (let i = count - 1; i >= 0; i--) {
    const half = 2 ** i;
    let [upper, lower] = [0, 0];
    for (let state = 0; state < half; state++) {
      upper += f[half + state];
      lower += f[state];
      f[state] += f[half + state];
    }
    out[offset + i * stride] = upper + low * lower;
  }
  return f[0];
}

function zeroStatistics({ visible, hidden }: LayerParameters): SufficientStatistics {
  return {
    weights: new Float64Array(visible * hidden),
    visibleBias: new Float64Array(visible),
    hiddenBias: new Float64Array(hidden),
  };
}
