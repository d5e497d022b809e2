import { exactReference } from "../../ising/exact/index.js";
import type { Lattice } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";

/** Halvings of the interval: more than double precision resolves. */
const HALVINGS = 60;

/** ln Z of a lattice whose ln Z is known for every K, B = 0. */
export function exactLogPartitionOf(lattice: Lattice, coupling: number): number {
  return exactReference(isingModel(lattice, coupling)).logPartition!;
}

/**
 * K*(α): the coupling at which an RBM with m hidden units begins to reach the free energy of the data, ln Z(K*) = (n + m) ln 2.
 * Below it F_λ = F has no solution, as F_λ ≤ −(n + m) ln 2 < F, with equality only at λ = 0.
 */
export function reachableCoupling(lattice: Lattice, hidden: number): number {
  const least = (lattice.sites + hidden) * Math.LN2;
  let [low, high] = [0, 1];
  while (exactLogPartitionOf(lattice, high) < least) high *= 2;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (exactLogPartitionOf(lattice, middle) < least) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
