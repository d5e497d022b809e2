import { type OptimizerFactory, type Penalty, penaltyForce, softThreshold } from "./optimizer.js";

/**
 * Stochastic gradient descent with momentum μ: u ← μu + rate·(direction + penalty force), w ← w + u. With the soft
 * threshold, w is then shrunk by rate·λ₁/(1 − μ): momentum multiplies the stationary pull of a gradient by 1/(1 − μ), so
 * this is the threshold whose fixed points are those of loss + λ₁Σ|w|.
 */
export const sgd: OptimizerFactory = (layer, { penalty, momentum, bias }, allocate) => {
  const velocity = {
    weights: allocate(layer.weights.length),
    visibleBias: allocate(layer.visible),
    hiddenBias: allocate(layer.hidden),
  };
  const none: Penalty = { l1: 0, l1Form: "soft-threshold", l2: 0 };
  const move = (w: Float32Array, u: Float32Array, g: Float32Array, rate: number, force: Penalty): void => {
    const threshold = force.l1Form === "soft-threshold" ? (rate * force.l1) / (1 - momentum) : 0;
    for (let k = 0; k < w.length; k++) {
      u[k] = momentum * u[k] + rate * (g[k] + penaltyForce(w[k], force));
      w[k] = threshold === 0 ? w[k] + u[k] : softThreshold(w[k] + u[k], threshold);
    }
  };
  return {
    step(direction, rate) {
      move(layer.weights, velocity.weights, direction.weights, rate, penalty);
      if (!bias) return;
      move(layer.visibleBias, velocity.visibleBias, direction.visibleBias, rate, none);
      move(layer.hiddenBias, velocity.hiddenBias, direction.hiddenBias, rate, none);
    },
  };
};
