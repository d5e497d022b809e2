import { DomainError } from "../errors/index.js";
import type { Lattice } from "./lattice.js";

/**
 * The ferromagnetic Ising model in reduced form (β inside, J = k_B = 1):
 * H(v) = −K Σ_<ij> v_i v_j − B Σ_i v_i with v_i = ±1, P(v) = e^{−H(v)}/Z, F = −ln Z.
 */
export interface IsingModel {
  /** The sites and which of them are neighbours. */
  readonly lattice: Lattice;
  /** K = J/(k_B T) ≥ 0. */
  readonly coupling: number;
  /** B, the reduced field (already multiplied by β). */
  readonly field: number;
}

/** K_c = ½ ln(1 + √2): the critical coupling of the square lattice (Onsager 1944). */
export const CRITICAL_COUPLING = 0.44068679350977147;

/**
 * Check the parameters and make the model. Throws DomainError for K < 0 or anything not finite.
 *
 * @param lattice a `chain` or a `torus`
 * @param coupling K = J/(k_B T) ≥ 0; 0 is infinite temperature
 * @param field B, the reduced field: the magnetic field over k_B T
 */
export function isingModel(lattice: Lattice, coupling: number, field = 0): IsingModel {
  if (!Number.isFinite(coupling) || coupling < 0) {
    throw new DomainError(
      `coupling K = ${coupling}: expected a finite number ≥ 0 (K = 1/T; K = 0 is infinite temperature). ` +
        `Antiferromagnets are not supported; on a bipartite lattice flip one sublattice instead.`,
    );
  }
  if (!Number.isFinite(field)) throw new DomainError(`field B = ${field}: expected a finite number.`);
  return { lattice, coupling, field };
}
