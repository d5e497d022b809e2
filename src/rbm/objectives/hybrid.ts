import type { ObjectiveFactory } from "./objective.js";

/**
 * KL(P‖P_λ) + μ(F − F_λ)²: −∇ = ⟨s⟩_P − (1 + 2μ(F − F_λ))⟨s⟩_λ. Its curvature is that of KL and μ times that of the
 * square, 1 + 2μ(|F − F_λ| + ‖⟨s⟩_λ‖²); see free-energy.ts.
 */
export const hybrid: ObjectiveFactory = ({ mu }) => ({
  needs: { freeEnergy: true, hamiltonian: false, model: "equilibrium" },
  descend({ data, model, gap }, direction) {
    const residual = gap();
    model.addStatistics(-1, direction);
    const curvature = 1 + 2 * mu * (direction.squaredNorm() + Math.abs(residual));
    direction.scale((1 + 2 * mu * residual) / curvature);
    data.addStatistics(1 / curvature, direction);
    return curvature;
  },
});
