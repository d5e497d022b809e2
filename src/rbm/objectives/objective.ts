import type { Direction } from "../direction.js";
import type { Phase } from "../estimators/index.js";
import type { GaugeName } from "./gauges/index.js";

/** What the loss of an objective is made of, at the current parameters and for the current batch. */
export interface LossTerms {
  /** Averages over P, the data. */
  readonly data: Phase;
  /** Averages over P_λ, the model. */
  readonly model: Phase;
  /** F − F_λ = ln Z_λ − ln Z, nats. */
  readonly gap: () => number;
}

/** What must be known for an objective, beyond samples of the data. */
export interface ObjectiveNeeds {
  /** F of the data and F_λ of the model. */
  readonly freeEnergy: boolean;
  /** H(v) of the data's Hamiltonian. */
  readonly hamiltonian: boolean;
  /** The model's averages: none; a contrast to the data, for which the reconstructions of cd will do; those of P_λ itself. */
  readonly model: "none" | "contrast" | "equilibrium";
}

/** A loss of the RBM, known through its gradient. */
export interface Objective {
  readonly needs: ObjectiveNeeds;
  /**
   * Fill `direction`, which is clear, with −∇_λ loss / curvature, and return the curvature: that of the loss along this
   * direction in units of that of KL, about, so that one learning rate suits every objective, size and distance from the
   * minimum. Penalties are weighed against loss / curvature.
   */
  descend(terms: LossTerms, direction: Direction): number;
}

/** What an objective may be told. */
export interface ObjectiveOptions {
  /** What `free-energy` adds to F − F_λ: literal 0, data −⟨D⟩_P (then KL(P‖P_λ)), model −⟨D⟩_λ (then −KL(P_λ‖P)). */
  readonly gauge: GaugeName;
  /** μ of `hybrid`, 1/nat. */
  readonly mu: number;
}

export type ObjectiveFactory = (options: ObjectiveOptions) => Objective;
