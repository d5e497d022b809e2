import type { Gauge } from "./gauge.js";

/** r = ⟨D⟩_λ − (F − F_λ) = KL(P_λ‖P) ≥ 0, the Gibbs–Bogoliubov bound: −∇r = Cov_λ(D, ∇_λ H_λ) = −Cov_λ(D, s). */
export const model: Gauge = {
  needs: { freeEnergy: true, hamiltonian: true, model: "equilibrium" },
  crossesZero: false,
  residual({ model, gap }, direction) {
    const residual = model.mismatch().mean - gap();
    model.addCovariance(-1, direction);
    return residual;
  },
};
