import { exp, log } from "../kernels/elementary.js";
import { LogSumExp } from "../statistics/index.js";
import { DomainError } from "../errors/index.js";
import { unitMean } from "./energy.js";
import { MAX_ENUMERATED_UNITS } from "./enumerate.js";
import type { Rbm, UnitType } from "./parameters.js";

/** Averages ⟨v hᵀ⟩ (row-major visible × hidden), ⟨v⟩ and ⟨h⟩ of one distribution, in double precision. */
export interface SufficientStatistics {
  readonly weights: Float64Array;
  readonly visibleBias: Float64Array;
  readonly hiddenBias: Float64Array;
}

/** H_λ(v) of every visible state; index = state, bit i set if v_i is in its upper state. Length 2^n, n ≤ 24. */
export function visibleHamiltonians(rbm: Rbm): Float64Array {
  const states = stateCount(rbm);
  const hamiltonians = new Float64Array(states);
  const inputs = new Float64Array(states);
  // Σ_j ln(1 + e^{−slope|x_j|}) as the logarithm of one product: 2^500 at most before it is folded in.
  const product = new Float64Array(states).fill(1);
  const slope = rbm.units === "spin" ? 2 : 1;
  fillLinear(rbm, rbm.visibleBias, 0, inputs);
  for (let state = 0; state < states; state++) hamiltonians[state] = -inputs[state];
  const distinct = isSymmetric(rbm) ? states / 2 : states;
  for (let j = 0; j < rbm.hidden; j++) {
    fillHiddenInputs(rbm, j, inputs);
    for (let state = 0; state < distinct; state++) {
      const x = inputs[state];
      const magnitude = Math.abs(x);
      hamiltonians[state] -= slope === 2 ? magnitude : Math.max(x, 0);
      product[state] *= 1 + exp(-slope * magnitude);
    }
    if (j % 500 === 499 || j === rbm.hidden - 1) {
      for (let state = 0; state < distinct; state++) hamiltonians[state] -= log(product[state]);
      product.fill(1);
    }
  }
  for (let state = distinct; state < states; state++) hamiltonians[state] = hamiltonians[states - 1 - state];
  return hamiltonians;
}

/**
 * Spin units without biases have H_λ(−v) = H_λ(v) and t(−v) = −t(v): half of the states, those with the last spin down,
 * tell the other half, whose numbers are the complements 2^n − 1 − state.
 */
function isSymmetric({ units, visibleBias, hiddenBias }: Rbm): boolean {
  return units === "spin" && visibleBias.every((c) => c === 0) && hiddenBias.every((b) => b === 0);
}

function stateCount({ visible }: Rbm): number {
  if (visible > MAX_ENUMERATED_UNITS) {
    throw new DomainError(
      `a table of 2^${visible} states: at most ${MAX_ENUMERATED_UNITS} units are enumerated. Use sampling estimators.`,
    );
  }
  return 2 ** visible;
}

/** x_j(v) = b_j + Σ_i v_i W_ij for every visible state. */
function fillHiddenInputs(rbm: Rbm, j: number, out: Float64Array): void {
  const column = Float64Array.from({ length: rbm.visible }, (_, i) => rbm.weights[i * rbm.hidden + j]);
  fillLinear(rbm, column, rbm.hiddenBias[j], out);
}

/** out[v] = offset + Σ_i v_i a_i for every visible state, one addition each: setting bit i adds a_i times the unit's range. */
function fillLinear({ units, visible }: Rbm, a: ArrayLike<number>, offset: number, out: Float64Array): void {
  out[0] = offset;
  if (units === "spin") for (let i = 0; i < visible; i++) out[0] -= a[i];
  for (let i = 0; i < visible; i++) {
    const half = 2 ** i;
    const step = units === "spin" ? 2 * a[i] : a[i];
    for (let state = 0; state < half; state++) out[half + state] = out[state] + step;
  }
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
  return weightedStatisticsOf(rbm, [q])[0];
}

/** The same for several weights at once, which share the cost of t(v): m · 2^n exponentials. */
export function weightedStatisticsOf(rbm: Rbm, qs: readonly Float64Array[]): readonly SufficientStatistics[] {
  const { visible, hidden, units } = rbm;
  const states = stateCount(rbm);
  const means = new Float64Array(states);
  const weighted = new Float64Array(states);
  const distinct = isSymmetric(rbm) ? states / 2 : states;
  const results = qs.map((q) => {
    const statistics = zeroStatistics(rbm);
    weighted.set(q);
    foldMoments(weighted, units, statistics.visibleBias, 0, 1);
    return statistics;
  });
  for (let j = 0; j < hidden; j++) {
    fillHiddenInputs(rbm, j, means);
    for (let state = 0; state < distinct; state++) means[state] = unitMean(units, means[state]);
    for (let state = distinct; state < states; state++) means[state] = -means[states - 1 - state];
    qs.forEach((q, index) => {
      for (let state = 0; state < states; state++) weighted[state] = q[state] * means[state];
      const { weights, hiddenBias } = results[index];
      hiddenBias[j] = foldMoments(weighted, units, weights, j, hidden, visible);
    });
  }
  return results;
}

/**
 * out[offset + i·stride] = Σ_v f(v) v_i for every unit i, and the return value Σ_v f(v), in 2·2^n additions: the units
 * are summed out one after the other from the top, folding f (which is overwritten) in half each time.
 */
function foldMoments(
  f: Float64Array,
  units: UnitType,
  out: Float64Array,
  offset: number,
  stride: number,
  count = out.length,
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

/** √(Σ over all parameters of the squared statistics): the norm of −⟨∇_λ H_λ⟩, Burns's residual. */
export function statisticsNorm(statistics: SufficientStatistics): number {
  let total = 0;
  for (const array of [statistics.weights, statistics.visibleBias, statistics.hiddenBias]) {
    for (const value of array) total += value * value;
  }
  return Math.sqrt(total);
}
