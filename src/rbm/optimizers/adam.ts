import { joinArrays, type StateArrays } from "../layer-state.js";
import { type OptimizerFactory, type Penalty, penaltyForce, softThreshold } from "./optimizer.js";

const EPSILON = 1e-8;

/**
 * Adam (Kingma & Ba 2015), β₁ = momentum, β₂ = secondMomentDecay, ε = 1e-8. The soft threshold is the proximal step in Adam's own
 * metric: each weight is shrunk by its effective rate times λ₁.
 */
export const adam: OptimizerFactory = (layer, { penalty, momentum, secondMomentDecay, bias }, _, arena) => {
  const none: Penalty = { l1: 0, l1Form: "soft-threshold", l2: 0 };
  const arrays = [layer.weights, layer.visibleBias, layer.hiddenBias];
  const first = arrays.map((w) => arena.float32(w.length));
  const second = arrays.map((w) => arena.float32(w.length));
  /** β₁ᵗ and β₂ᵗ. */
  const powers = Float64Array.of(1, 1);
  const move = (index: number, g: Float32Array, rate: number, force: Penalty): void => {
    const w = arrays[index];
    const mean = first[index];
    const square = second[index];
    const [firstPower, secondPower] = powers;
    const scale = rate / (1 - firstPower);
    for (let k = 0; k < w.length; k++) {
      const slope = g[k] + penaltyForce(w[k], force);
      mean[k] = momentum * mean[k] + (1 - momentum) * slope;
      square[k] = secondMomentDecay * square[k] + (1 - secondMomentDecay) * slope * slope;
      const spread = Math.sqrt(square[k] / (1 - secondPower)) + EPSILON;
      const moved = w[k] + (scale * mean[k]) / spread;
      const threshold = force.l1Form === "soft-threshold" ? (rate * force.l1) / spread : 0;
      w[k] = threshold === 0 ? moved : softThreshold(moved, threshold);
    }
  };
  return {
    state: joinArrays({ first: byName(first), second: byName(second), decay: { powers } }),
    step(direction, rate) {
      powers[0] *= momentum;
      powers[1] *= secondMomentDecay;
      move(0, direction.weights, rate, penalty);
      if (!bias) return;
      move(1, direction.visibleBias, rate, none);
      move(2, direction.hiddenBias, rate, none);
    },
  };
};

function byName([weights, visibleBias, hiddenBias]: readonly Float32Array[]): StateArrays {
  return { weights, visibleBias, hiddenBias };
}
