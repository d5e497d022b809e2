import type { ObjectiveFactory } from "./objective.js";

/** KL(P‖P_λ), the maximum-likelihood objective: −∇ = ⟨v hᵀ⟩_P − ⟨v hᵀ⟩_λ and likewise for the biases (Burns eq. 14). */
export const kl: ObjectiveFactory = () => ({
  needs: { freeEnergy: false, hamiltonian: false, model: "contrast" },
  descend({ data, model }, direction) {
    data.addStatistics(1, direction);
    model.addStatistics(-1, direction);
    return 1;
  },
});
