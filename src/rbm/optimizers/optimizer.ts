import type { Arena, Kernels, LayerArrays } from "../../kernels/index.js";
import type { Direction } from "../direction.js";
import type { StateArrays } from "../layer-state.js";

/** How the L1 penalty acts: on the weights after each step, or inside the gradient as Mehta & Schwab's code has it. */
export type L1Form = "soft-threshold" | "subgradient";

/** Penalties on the weights (never on the biases), in the unit convention of the model. */
export interface Penalty {
  /** λ₁ of λ₁ Σ|W|. */
  readonly l1: number;
  /** How the L1 penalty acts. */
  readonly l1Form: L1Form;
  /** λ₂ of ½ λ₂ Σ W². */
  readonly l2: number;
}

export interface OptimizerOptions {
  readonly penalty: Penalty;
  /** Momentum of sgd, β₁ of adam. */
  readonly momentum: number;
  /** β₂ of adam: its memory of squared gradients is 1/(1 − β₂) updates. */
  readonly secondMomentDecay: number;
  /** With false the biases stay where they are. */
  readonly bias: boolean;
}

/** Moves the parameters of one layer along a descent direction. Holds its own running averages. */
export interface Optimizer {
  /** The running averages and whatever else the next step depends on. */
  readonly state: StateArrays;
  step(direction: Direction, rate: number): void;
}

export type OptimizerFactory = (
  layer: LayerArrays,
  options: OptimizerOptions,
  kernels: Kernels,
  arena: Arena,
) => Optimizer;

/** sign(w) max(|w| − threshold, 0): the proximal map of threshold·|w|. */
export function softThreshold(w: number, threshold: number): number {
  if (w > threshold) return w - threshold;
  return w < -threshold ? w + threshold : 0;
}

/** −∂/∂w of the penalty parts that act inside the gradient. */
export function penaltyForce(w: number, { l1, l1Form, l2 }: Penalty): number {
  const linear = l1Form === "subgradient" ? l1 * Math.sign(w) : 0;
  return -l2 * w - linear;
}
