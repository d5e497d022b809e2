import type { LayerParameters } from "../interface.js";

/** Inputs are recomputed from scratch this often, so that rounding errors of the updates cannot pile up. */
const REANCHOR = 1 << 12;

/**
 * Visit every state v of the visible layer in Gray-code order, in which successive states differ in one unit: `own` = c·v
 * and `inputs` = b + vᵀW (length m, reused). Cost 2^n · m additions, memory m.
 */
export function forEachVisibleState(
  layer: LayerParameters,
  visit: (own: number, inputs: Float64Array) => void,
): void {
  const { units, visible, hidden, weights, visibleBias } = layer;
  const low = units === "spin" ? -1 : 0;
  const inputs = new Float64Array(hidden);
  let own = 0;
  const add = (unit: number, factor: number): void => {
    own += factor * visibleBias[unit];
    for (let j = 0; j < hidden; j++) inputs[j] += factor * weights[unit * hidden + j];
  };
  for (let index = 0; index < 2 ** visible; index++) {
    const state = index ^ (index >>> 1);
    if (index % REANCHOR === 0) {
      own = 0;
      inputs.set(layer.hiddenBias);
      for (let unit = 0; unit < visible; unit++) add(unit, ((state >>> unit) & 1) === 1 ? 1 : low);
    } else {
      const unit = 31 - Math.clz32(index & -index);
      add(unit, ((state >>> unit) & 1) === 1 ? 1 - low : low - 1);
    }
    visit(own, inputs);
  }
}
