import { exp, log } from "../kernels/elementary.js";
import { LogSumExp } from "../statistics/index.js";
import { logUnitPartition, unitMean } from "./energy.js";
import { forEachVisibleState } from "./enumerate.js";
import type { Rbm } from "./parameters.js";

/** Averages ⟨v hᵀ⟩ (row-major visible × hidden), ⟨v⟩ and ⟨h⟩ of one distribution, in double precision. */
export interface SufficientStatistics {
  readonly weights: Float64Array;
  readonly visibleBias: Float64Array;
  readonly hiddenBias: Float64Array;
}

/** H_λ(v) of every visible state; index = state, bit i set if v_i is in its upper state. Length 2^n, n ≤ 24. */
export function visibleHamiltonians(rbm: Rbm): Float64Array {
  const hamiltonians = new Float64Array(2 ** rbm.visible);
  const logHiddenTrace = rbm.units === "spin" ? logSpinTrace : logBinaryTrace;
  forEachVisibleState(rbm, (state, own, inputs) => {
    hamiltonians[state] = -own - logHiddenTrace(inputs);
  });
  return hamiltonians;
}

/** Σ_j ln 2cosh x_j with one logarithm for all units: Σ|x| + ln Π(1 + e^{−2|x|}); the product stays below 2^m. */
function logSpinTrace(inputs: Float64Array): number {
  let linear = 0;
  let product = 1;
  for (const x of inputs) {
    const magnitude = Math.abs(x);
    linear += magnitude;
    product *= 1 + exp(-2 * magnitude);
    if (product > 1e250) {
      linear += log(product);
      product = 1;
    }
  }
  return linear + log(product);
}

function logBinaryTrace(inputs: Float64Array): number {
  let total = 0;
  for (const x of inputs) total += logUnitPartition("binary", x);
  return total;
}

/** P_λ(v) = e^{−H_λ(v) − ln Z_λ} of every visible state, and ln Z_λ, from the table of H_λ. */
export function visibleDistribution(hamiltonians: Float64Array): {
  logPartition: number;
  probabilities: Float64Array;
} {
  const total = new LogSumExp();
  for (const h of hamiltonians) total.add(-h);
  const logPartition = total.value;
  return { logPartition, probabilities: hamiltonians.map((h) => exp(-h - logPartition)) };
}

/**
 * Σ_v q(v) (v t(v)ᵀ, v, t(v)) with t(v) = ⟨h⟩ given v, for any weights q over the 2^n visible states. With q = P this is
 * the data phase, with q = P_λ the model phase, with q = P − P_λ the exact descent direction of KL(P‖P_λ).
 */
export function weightedStatistics(rbm: Rbm, q: Float64Array): SufficientStatistics {
  const { visible, hidden, units } = rbm;
  const statistics = zeroStatistics(rbm);
  const low = units === "spin" ? -1 : 0;
  const scaledMeans = new Float64Array(hidden);
  forEachVisibleState(rbm, (state, _, inputs) => {
    const weight = q[state];
    for (let j = 0; j < hidden; j++) {
      scaledMeans[j] = weight * unitMean(units, inputs[j]);
      statistics.hiddenBias[j] += scaledMeans[j];
    }
    for (let i = 0; i < visible; i++) {
      const value = ((state >>> i) & 1) === 1 ? 1 : low;
      statistics.visibleBias[i] += weight * value;
      if (value !== 0) addRow(scaledMeans, value, statistics.weights, i * hidden);
    }
  });
  return statistics;
}

/** Model averages ⟨v hᵀ⟩_λ, ⟨v⟩_λ, ⟨h⟩_λ by enumerating the smaller layer. */
export function exactModelStatistics(rbm: Rbm): SufficientStatistics {
  if (rbm.visible <= rbm.hidden) {
    return weightedStatistics(rbm, visibleDistribution(visibleHamiltonians(rbm)).probabilities);
  }
  const transposed = transposeRbm(rbm);
  const { weights, visibleBias, hiddenBias } = exactModelStatistics(transposed);
  return {
    weights: transposeMatrix(weights, rbm.hidden, rbm.visible),
    visibleBias: hiddenBias,
    hiddenBias: visibleBias,
  };
}

/** The RBM with its layers exchanged: E(v, h) is symmetric under it. */
export function transposeRbm(rbm: Rbm): Rbm {
  return {
    units: rbm.units,
    visible: rbm.hidden,
    hidden: rbm.visible,
    weights: transposeMatrix(Float64Array.from(rbm.weights), rbm.visible, rbm.hidden),
    visibleBias: rbm.hiddenBias,
    hiddenBias: rbm.visibleBias,
  };
}

function transposeMatrix(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  }
  return out;
}

function zeroStatistics(rbm: Rbm): SufficientStatistics {
  return {
    weights: new Float64Array(rbm.visible * rbm.hidden),
    visibleBias: new Float64Array(rbm.visible),
    hiddenBias: new Float64Array(rbm.hidden),
  };
}

function addRow(row: Float64Array, factor: number, out: Float64Array, offset: number): void {
  for (let j = 0; j < row.length; j++) out[offset + j] += factor * row[j];
}

/** √(Σ over all parameters of the squared statistics): the norm of −⟨∇_λ H_λ⟩, Burns's residual. */
export function statisticsNorm(statistics: SufficientStatistics): number {
  let total = 0;
  for (const array of [statistics.weights, statistics.visibleBias, statistics.hiddenBias]) {
    for (const value of array) total += value * value;
  }
  return Math.sqrt(total);
}
