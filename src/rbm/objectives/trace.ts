import type { ObjectiveFactory } from "./objective.js";

/**
 * Var_P(D), D = H − H_λ: zero exactly when D is constant, which is Mehta & Schwab's trace condition Tr_h e^{T_λ} = 1 up to
 * the additive constant that their energy leaves open. −∇ = 2 Cov_P(D, ∇_λ H_λ) = −2 Cov_P(D, s), s = (v tᵀ, v, t): no
 * averages over the model. Near D = const, KL = ½ Var_P(D), hence the curvature 2; the sum over configurations of squares
 * adds 2 Cov_P(s, s), of whose largest eigenvalue ‖Cov_P(D, s)‖²/Var_P(D) is a lower bound, sharp where it is needed: where D
 * moves along that eigenvector.
 */
export const trace: ObjectiveFactory = () => ({
  needs: { freeEnergy: false, hamiltonian: true, model: "none" },
  descend({ data }, direction) {
    const { variance } = data.mismatch();
    data.addCovariance(-1, direction);
    const curvature = 2 * (1 + (variance > 0 ? direction.squaredNorm() / variance : 0));
    direction.scale(2 / curvature);
    return curvature;
  },
});
