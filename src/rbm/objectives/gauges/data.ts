import type { Gauge } from "./gauge.js";

/** r = F − F_λ − ⟨D⟩_P = KL(P‖P_λ): −∇r = ⟨s⟩_P − ⟨s⟩_λ. An estimate of r may be below zero; then r² falls towards zero too. */
export const data: Gauge = {
  needs: { freeEnergy: true, hamiltonian: true, model: "contrast" },
  crossesZero: false,
  residual({ data, model, gap }, direction) {
    const residual = gap() - data.mismatch().mean;
    data.addStatistics(1, direction);
    model.addStatistics(-1, direction);
    return residual;
  },
};
