import { logTwoCosh, tanh } from "../kernels/elementary.js";
import type { IsingModel } from "./model.js";

/** An interval that a number lies in. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Bounds of ln Z, nats, of N spins with M bonds: with the bond sum S = Σ_<ij> v_i v_j, Z = (2cosh B)^N ⟨e^{KS}⟩ over independent
 * spins in the field, where ⟨S⟩ = M tanh² B and |S| ≤ M, so that by Jensen
 *   N ln 2cosh B + K M tanh² B ≤ ln Z ≤ N ln 2cosh B + |K| M.
 */
export function isingLogPartitionBounds({ lattice, coupling, field }: IsingModel): Interval {
  const bonds = (lattice.sites * lattice.degree) / 2;
  const free = lattice.sites * logTwoCosh(field);
  return {
    lower: free + coupling * bonds * tanh(field) ** 2,
    upper: free + Math.abs(coupling) * bonds,
  };
}
