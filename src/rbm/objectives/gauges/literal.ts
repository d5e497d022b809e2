import type { Gauge } from "./gauge.js";

/**
 * r = F − F_λ, as Burns proposes (eq. 15): −∇r = ⟨∇_λ H_λ⟩_λ = −⟨s⟩_λ. The data enter through the number F alone. For ±1
 * units F_λ ≤ −(n + m) ln 2 with equality only at λ = 0; so r has a zero only if ln Z ≥ (n + m) ln 2.
 */
export const literal: Gauge = {
  needs: { freeEnergy: true, hamiltonian: false, model: "equilibrium" },
  crossesZero: true,
  residual({ model, gap }, direction) {
    model.addStatistics(-1, direction);
    return gap();
  },
};
