import { CRITICAL_COUPLING, type IsingModel } from "../../ising/model.js";

/**
 * How far K may be from K_c, as a share of it: K_c with four digits, 0.4407, is meant as K_c. What that changes grows with the
 * side of the lattice to the power y_T = 1: 1e-4 · 256 = 0.03 at the largest lattices of use.
 */
const CRITICAL_SHARE = 1e-4;

/** Whether a model on a torus has the exact exponents of the critical point: B = 0 and |K/K_c − 1| ≤ 1e-4. */
export function isCritical({ lattice, coupling, field }: IsingModel): boolean {
  return (
    lattice.kind === "torus" && field === 0 && Math.abs(coupling / CRITICAL_COUPLING - 1) <= CRITICAL_SHARE
  );
}
