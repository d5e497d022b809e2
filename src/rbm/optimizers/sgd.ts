import { type OptimizerFactory, type Penalty, penaltyForce, softThreshold } from "./optimizer.js";

/**
 * Stochastic gradient descent with momentum μ: u ← μu + rate·(direction + penalty force), w ← w + u. With the soft
 * threshold, w is then shrunk by rate·λ₁/(1 − μ): momentum multiplies the stationary pull of a gradient by 1/(1 − μ), so
 * this is the threshold whose fixed points are those of loss + λ₁Σ|w|. A direction that consists of factors goes
 * straight into the weights.
 */
export const sgd: OptimizerFactory = (layer, { penalty, momentum, bias }, kernels, arena) => {
  const velocity = {
    weights: arena.float32(layer.weights.length),
    visibleBias: arena.float32(layer.visible),
    hiddenBias: arena.float32(layer.hidden),
  };
  const none: Penalty = { l1: 0, l1Form: "soft-threshold", l2: 0 };
  const thresholdOf = (rate: number, { l1, l1Form }: Penalty): number =>
    l1Form === "soft-threshold" ? (rate * l1) / (1 - momentum) : 0;
  const move = (w: Float32Array, u: Float32Array, g: Float32Array, rate: number, force: Penalty): void => {
    const threshold = thresholdOf(rate, force);
    for (let k = 0; k < w.length; k++) {
      u[k] = momentum * u[k] + rate * (g[k] + penaltyForce(w[k], force));
      w[k] = threshold === 0 ? w[k] + u[k] : softThreshold(w[k] + u[k], threshold);
    }
  };
  return {
    state: velocity,
    step(direction, rate) {
      const { factors } = direction;
      if (factors === null) {
        move(layer.weights, velocity.weights, direction.weights, rate, penalty);
      } else {
        const l1 = penalty.l1Form === "subgradient" ? penalty.l1 : 0;
        const step = { rate, momentum, l2: penalty.l2, l1, threshold: thresholdOf(rate, penalty) };
        const { terms, outerProducts } = factors;
        const { units, hidden, weights } = layer;
        kernels.rbm.descend(units, terms, step, hidden, weights, velocity.weights, outerProducts);
      }
      if (!bias) return;
      move(layer.visibleBias, velocity.visibleBias, direction.visibleBias, rate, none);
      move(layer.hiddenBias, velocity.hiddenBias, direction.hiddenBias, rate, none);
    },
  };
};
