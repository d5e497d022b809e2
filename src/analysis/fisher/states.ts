import { DomainError } from "../../errors/index.js";
import { exp } from "../../kernels/elementary.js";
import { type Kernels, stateCount } from "../../kernels/index.js";
import { energy, meanHiddenGivenVisible } from "../../rbm/energy.js";
import { visibleDistribution, visibleHamiltonians } from "../../rbm/ensemble.js";
import type { Rbm } from "../../rbm/parameters.js";

/** Which distribution's Fisher matrix is meant: that of v, the hidden units summed over, or that of (v, h). */
export type FisherKind = "marginal" | "joint";

/**
 * States of an RBM over which −∂H_λ/∂λ = (v tᵀ, v, t) is averaged. `hidden` is t = ⟨h⟩ given v for the marginal, and h itself
 * for the joint distribution.
 */
export interface FisherStates {
  readonly count: number;
  /** v, count × n. */
  readonly visible: Float64Array;
  /** t or h, count × m. */
  readonly hidden: Float64Array;
  /** Probabilities of the states; null for samples, which weigh the same. */
  readonly probabilities: Float64Array | null;
}

/** Most states that are enumerated: the Gram matrix is one of states². */
const MAX_ENUMERATED_STATES = 1024;

/** Whether the states of a distribution are few enough to enumerate: 2^n, or 2^(n + m) for the joint one. */
export function isEnumerable({ visible, hidden }: Rbm, kind: FisherKind): boolean {
  return 2 ** (kind === "marginal" ? visible : visible + hidden) <= MAX_ENUMERATED_STATES;
}

/** All states with their probabilities, in double precision. DomainError above 1024 states. */
export function enumeratedStates(rbm: Rbm, kind: FisherKind, kernels: Kernels): FisherStates {
  if (!isEnumerable(rbm, kind)) {
    throw new DomainError(
      `the ${kind} states of ${rbm.visible} × ${rbm.hidden} units: at most ${MAX_ENUMERATED_STATES} are enumerated; use samples.`,
    );
  }
  const { probabilities, logPartition } = visibleDistribution(visibleHamiltonians(rbm, kernels), kernels);
  const visible = allStates(rbm, rbm.visible);
  const means = (v: Float64Array): Float64Array => meanHiddenGivenVisible(rbm, v);
  const rows = rowsOf(visible, rbm.visible);
  if (kind === "marginal") {
    return { count: rows.length, visible, hidden: concatenate(rows.map(means)), probabilities };
  }
  const hiddenRows = rowsOf(allStates(rbm, rbm.hidden), rbm.hidden);
  const pairs = rows.flatMap((v) => hiddenRows.map((h) => ({ v, h })));
  const weights = pairs.map(({ v, h }) => -energy(rbm, v, h) - logPartition);
  return {
    count: pairs.length,
    visible: concatenate(pairs.map(({ v }) => v)),
    hidden: concatenate(pairs.map(({ h }) => h)),
    probabilities: Float64Array.from(weights, exp),
  };
}

/** Every state of `units` units, a row each; bit i of its number is set if unit i is in its upper state. */
function allStates(rbm: Rbm, units: number): Float64Array {
  const low = rbm.units === "spin" ? -1 : 0;
  return Float64Array.from({ length: stateCount(units) * units }, (_, index) =>
    ((Math.floor(index / units) >>> (index % units)) & 1) === 1 ? 1 : low,
  );
}

function rowsOf(matrix: Float64Array, columns: number): Float64Array[] {
  return Array.from({ length: matrix.length / columns }, (_, row) =>
    matrix.subarray(row * columns, (row + 1) * columns),
  );
}

function concatenate(rows: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(rows.reduce((length, row) => length + row.length, 0));
  rows.forEach((row, index) => {
    out.set(row, index * row.length);
  });
  return out;
}
