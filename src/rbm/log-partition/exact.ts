import { DomainError } from "../../errors/index.js";
import { type Kernels, MAX_ENUMERATED_UNITS } from "../../kernels/index.js";
import { transposeRbm } from "../ensemble.js";
import type { Rbm } from "../parameters.js";
import type { LogPartitionEstimator } from "./estimator.js";

/**
 * ln Z_λ by enumeration of the smaller layer, the other one traced in closed form:
 * Z = Σ_h e^{b·h} Π_i 2cosh(c_i + (Wh)_i), for binary units 1 + e^x in place of 2cosh x; nats, in double precision.
 * Cost 2^min(n,m) · max(n,m). Throws DomainError when min(n, m) > 24.
 */
export function exactLogPartition(rbm: Rbm, kernels: Kernels): number {
  const obstacle = obstacleToEnumeration(rbm);
  if (obstacle !== null)
    throw new DomainError(`exact ln Z of a ${rbm.visible} × ${rbm.hidden} RBM: ${obstacle}.`);
  return kernels.enumeration.logPartition(rbm.visible <= rbm.hidden ? rbm : transposeRbm(rbm));
}

/** ln Z_λ by enumeration, as an estimate. */
export const exact: LogPartitionEstimator = {
  obstacle: ({ layer }) => obstacleToEnumeration(layer),
  estimate: ({ problem: { layer, kernels } }) =>
    Promise.resolve({ value: exactLogPartition(layer, kernels), error: 0, doubt: null }),
};

function obstacleToEnumeration({ visible, hidden }: Pick<Rbm, "visible" | "hidden">): string | null {
  if (Math.min(visible, hidden) <= MAX_ENUMERATED_UNITS) return null;
  return `the smaller layer may have at most ${MAX_ENUMERATED_UNITS} units`;
}
