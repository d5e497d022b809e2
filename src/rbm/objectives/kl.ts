import type { Objective } from "./objective.js";

/** KL(P‖P_λ), the maximum-likelihood objective: −∇ = ⟨v hᵀ⟩_P − ⟨v hᵀ⟩_λ and likewise for the biases (Burns eq. 14). */
export const kl: Objective = {
  name: "kl",
  addDescentDirection(phases, direction) {
    phases.addData(1, direction);
    phases.addModel(-1, direction);
  },
};
