import { exactTorus } from "../../ising/exact/index.js";
import type { Lattice } from "../../ising/lattice.js";

/** Halvings of the interval: more than double precision resolves. */
const HALVINGS = 60;

/** ln Z and E/N of a torus without field, in closed form. */
export function exactTorusOf({ shape }: Lattice, coupling: number) {
  const [width, height] = shape as readonly [number, number];
  return exactTorus(width, height, coupling);
}

/** ln Z − (n + m) ln 2: how much the free energy of the data is above that of the zero RBM with m hidden units, nats. */
export function excessOf(lattice: Lattice, coupling: number, hidden: number): number {
  return exactTorusOf(lattice, coupling).logPartition - (lattice.sites + hidden) * Math.LN2;
}

/**
 * K*(α): the coupling at which an RBM with m hidden units begins to reach the free energy of the data, ln Z(K*) = (n + m) ln 2.
 * Below it F_λ = F has no solution, as F_λ ≤ −(n + m) ln 2 < F, with equality only at λ = 0. For ±1 units.
 */
export function reachableCoupling(lattice: Lattice, hidden: number): number {
  let [low, high] = [0, 1];
  while (excessOf(lattice, high, hidden) < 0) high *= 2;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (excessOf(lattice, middle, hidden) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
