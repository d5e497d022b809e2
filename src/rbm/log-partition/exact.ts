import { DomainError } from "../../errors/index.js";
import { type Kernels, MAX_ENUMERATED_UNITS } from "../../kernels/index.js";
import { transposeRbm } from "../ensemble.js";
import type { Rbm } from "../parameters.js";

/**
 * ln Z_λ by enumeration of the smaller layer, the other one traced in closed form:
 * Z = Σ_h e^{b·h} Π_i 2cosh(c_i + (Wh)_i), in double precision. Cost 2^min(n,m) · max(n,m).
 * Throws DomainError when min(n, m) > 24.
 */
export function exactLogPartition(rbm: Rbm, kernels: Kernels): number {
  if (Math.min(rbm.visible, rbm.hidden) > MAX_ENUMERATED_UNITS) {
    throw new DomainError(
      `exact ln Z of a ${rbm.visible} × ${rbm.hidden} RBM: the smaller layer may have at most ${MAX_ENUMERATED_UNITS} units.`,
    );
  }
  return kernels.enumeration.logPartition(rbm.visible <= rbm.hidden ? rbm : transposeRbm(rbm));
}
