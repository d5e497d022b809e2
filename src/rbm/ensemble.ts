import {
  inOrder,
  type Kernels,
  stateCount,
  type SufficientStatistics,
  transposedMatrix,
} from "../kernels/index.js";
import { type Rbm, weightMatrix } from "./parameters.js";

export type { SufficientStatistics } from "../kernels/index.js";

/**
 * H_λ(v) of every visible state, nats; index = state, bit i set if v_i is in its upper state. Length 2^n; DomainError
 * above n = 24.
 */
export function visibleHamiltonians(rbm: Rbm, kernels: Kernels): Float64Array {
  const hamiltonians = new Float64Array(stateCount(rbm.visible));
  kernels.enumeration.hamiltonians(rbm, hamiltonians);
  return hamiltonians;
}

/**
 * P_λ(v) = e^{−H_λ(v) − ln Z_λ} of every visible state, and ln Z_λ, from the table of H_λ.
 *
 * @param hamiltonians H_λ of all 2^n states, see `visibleHamiltonians`
 * @param kernels do the sums
 */
export function visibleDistribution(
  hamiltonians: Float64Array,
  kernels: Kernels,
): {
  /** ln Z_λ, nats. */
  logPartition: number;
  /** P_λ of every state, in the order of the table; they sum to 1. */
  probabilities: Float64Array;
} {
  const probabilities = new Float64Array(hamiltonians.length);
  const logPartition = kernels.enumeration.distribution(hamiltonians, probabilities);
  return { logPartition, probabilities };
}

/**
 * Σ_v q(v) (v t(v)ᵀ, v, t(v)) with t(v) = ⟨h⟩ given v, for any weights q over the 2^n visible states. With q = P this is
 * the data phase, with q = P_λ the model phase, with q = P − P_λ the exact descent direction of KL(P‖P_λ).
 *
 * @param rbm n ≤ 24 visible units
 * @param q length 2^n; bit i of the index is set if v_i is in its upper state
 * @param kernels do the sums
 */
export function weightedStatistics(rbm: Rbm, q: Float64Array, kernels: Kernels): SufficientStatistics {
  return kernels.enumeration.statistics(rbm, [q])[0];
}

/** Model averages ⟨v hᵀ⟩_λ, ⟨v⟩_λ, ⟨h⟩_λ by enumerating the smaller layer. DomainError when min(n, m) > 24. */
export function exactModelStatistics(rbm: Rbm, kernels: Kernels): SufficientStatistics {
  if (rbm.visible > rbm.hidden) {
    const { weights, visibleBias, hiddenBias } = exactModelStatistics(transposeRbm(rbm), kernels);
    return {
      weights: transposedMatrix(weights, rbm.hidden, rbm.visible),
      visibleBias: hiddenBias,
      hiddenBias: visibleBias,
    };
  }
  const arena = kernels.arena();
  try {
    const table = arena.float64(stateCount(rbm.visible));
    kernels.enumeration.hamiltonians(rbm, table);
    kernels.enumeration.distribution(table, table);
    return kernels.enumeration.statistics(rbm, [table])[0];
  } finally {
    arena.release();
  }
}

/** The RBM with its layers exchanged, in the same precision: E(v, h) is symmetric under it. */
export function transposeRbm(rbm: Rbm): Rbm {
  return {
    units: rbm.units,
    visible: rbm.hidden,
    hidden: rbm.visible,
    weights: inOrder(weightMatrix(rbm).transpose(1, 0)),
    visibleBias: rbm.hiddenBias,
    hiddenBias: rbm.visibleBias,
  };
}

/**
 * √(Σ over the parameters of the squared statistics): the norm of −⟨∇_λ H_λ⟩, Burns's residual.
 *
 * @param statistics averages of v hᵀ, v and h, or differences of such averages
 * @param biases false: over the weights alone, for models whose biases are not trained
 */
export function statisticsNorm(statistics: SufficientStatistics, biases = true): number {
  const { weights, visibleBias, hiddenBias } = statistics;
  let total = 0;
  for (const array of biases ? [weights, visibleBias, hiddenBias] : [weights]) {
    for (const value of array) total += value * value;
  }
  return Math.sqrt(total);
}
