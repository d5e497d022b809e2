import { DomainError } from "../errors/index.js";
import type { Rbm } from "./parameters.js";

/** Largest layer that may be enumerated: 2^24 states. */
export const MAX_ENUMERATED_UNITS = 24;

/** Inputs are recomputed from scratch this often, so that rounding errors of the updates cannot pile up. */
const REANCHOR = 1 << 12;

/** Called once per state of the enumerated layer. `state` has bit k set if unit k is in its upper state. */
export type StateVisitor = (state: number, own: number, inputs: Float64Array) => void;

/**
 * Visit every state of the visible layer in Gray-code order: `own` = c·v and `inputs` = b + vᵀW (length m, reused).
 * Cost 2^n · m additions. Throws DomainError above 24 units.
 */
export function forEachVisibleState(rbm: Rbm, visit: StateVisitor): void {
  const { visible, hidden, weights } = rbm;
  const rows = Array.from({ length: visible }, (_, i) => weights.subarray(i * hidden, (i + 1) * hidden));
  forEachState(rbm.units === "spin" ? -1 : 0, rbm.visibleBias, rows, rbm.hiddenBias, visit);
}

/** Visit every state of the hidden layer: `own` = b·h and `inputs` = c + Wh (length n, reused). Cost 2^m · n. */
export function forEachHiddenState(rbm: Rbm, visit: StateVisitor): void {
  const { visible, hidden, weights } = rbm;
  const columns = Array.from({ length: hidden }, (_, j) =>
    Float64Array.from({ length: visible }, (__, i) => weights[i * hidden + j]),
  );
  forEachState(rbm.units === "spin" ? -1 : 0, rbm.hiddenBias, columns, rbm.visibleBias, visit);
}

/**
 * Gray-code walk over 2^k states of a layer with lower value `low` and upper value 1: successive states differ in one
 * unit, so each step adds or subtracts one row.
 */
function forEachState(
  low: -1 | 0,
  ownBias: ArrayLike<number>,
  rows: readonly ArrayLike<number>[],
  otherBias: ArrayLike<number>,
  visit: StateVisitor,
): void {
  const units = rows.length;
  if (units > MAX_ENUMERATED_UNITS) {
    throw new DomainError(
      `enumeration of ${units} units would visit 2^${units} states; at most ${MAX_ENUMERATED_UNITS} units are enumerated.`,
    );
  }
  const step = 1 - low;
  const inputs = new Float64Array(otherBias.length);
  let own = anchor(0, low, ownBias, rows, otherBias, inputs);
  visit(0, own, inputs);
  for (let index = 1; index < 2 ** units; index++) {
    const state = index ^ (index >>> 1);
    if (index % REANCHOR === 0) {
      own = anchor(state, low, ownBias, rows, otherBias, inputs);
    } else {
      const unit = 31 - Math.clz32(index & -index);
      const change = ((state >>> unit) & 1) === 1 ? step : -step;
      own += change * ownBias[unit];
      addScaled(rows[unit], change, inputs);
    }
    visit(state, own, inputs);
  }
}

/** Compute the inputs of one state directly; returns its own bias energy. */
function anchor(
  state: number,
  low: number,
  ownBias: ArrayLike<number>,
  rows: readonly ArrayLike<number>[],
  otherBias: ArrayLike<number>,
  inputs: Float64Array,
): number {
  let own = 0;
  for (let k = 0; k < inputs.length; k++) inputs[k] = otherBias[k];
  rows.forEach((row, unit) => {
    const value = ((state >>> unit) & 1) === 1 ? 1 : low;
    own += value * ownBias[unit];
    if (value !== 0) addScaled(row, value, inputs);
  });
  return own;
}

function addScaled(row: ArrayLike<number>, factor: number, inputs: Float64Array): void {
  for (let k = 0; k < inputs.length; k++) inputs[k] += factor * row[k];
}
