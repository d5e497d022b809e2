import { gauges } from "./gauges/index.js";
import type { ObjectiveFactory } from "./objective.js";

/**
 * r² = (F − F_λ + what the gauge adds)²: Burns's objective, in the form he proposes or in one that a perfect RBM minimises.
 * −∇ = −2r∇r, and the curvature is 2(|r| + ‖∇r‖²). Its first part makes the step that of Burns's |r|, −∇r · sign r, as
 * the Hessian 2r∇²r asks for, ∇²r being a covariance of sufficient statistics like that of KL. The second, the Hessian
 * 2∇r∇rᵀ, matters only if r crosses zero, where a rate η then shrinks r by the factor 1 − η; a divergence needs none, as
 * its slope vanishes with it. Where r ≥ 0 is known up to an error larger than itself, the signs of the steps are random and
 * learning stalls.
 */
export const freeEnergy: ObjectiveFactory = ({ gauge: name }) => {
  const gauge = gauges[name];
  return {
    needs: gauge.needs,
    descend(terms, direction) {
      const residual = gauge.residual(terms, direction);
      const slope = gauge.crossesZero ? direction.squaredNorm() : 0;
      const curvature = 2 * (Math.abs(residual) + slope) || 1;
      direction.scale((2 * residual) / curvature);
      return curvature;
    },
  };
};
