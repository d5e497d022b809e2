import type { IsingModel } from "../ising/model.js";
import { expm1, log1p } from "../kernels/elementary.js";
import type { Rbm } from "./parameters.js";

/** The weight w ≥ 0 with K = ½ ln cosh 2w, from e^{2w} = e^{2K} + √(e^{4K} − 1). */
export function bondWeight(coupling: number): number {
  return coupling + log1p(Math.sqrt(-expm1(-4 * coupling))) / 2;
}

/**
 * An Ising model without field as an RBM with one hidden spin a bond, coupled to both of its ends by w = bondWeight(K):
 *   Σ_h e^{w h (v + v')} = 2cosh w(v + v') = 2√(cosh 2w) e^{K v v'}.
 * The visible units are the model exactly, KL(P‖P_λ) = 0, and yet F − F_λ = (ln 2 + K)·(number of bonds), 2n(ln 2 + K) on a
 * square torus. Bonds are numbered by site and direction; n × (n·degree/2) weights.
 */
export function bondRbm({ lattice, coupling }: IsingModel): Rbm {
  const { sites, degree, neighbors } = lattice;
  const bonds = (sites * degree) / 2;
  const weights = new Float64Array(sites * bonds);
  const w = bondWeight(coupling);
  let bond = 0;
  for (let site = 0; site < sites; site++) {
    // Directions 2k and 2k + 1 are opposite: every second one reaches each bond from one of its ends.
    for (let d = 0; d < degree; d += 2) {
      weights[site * bonds + bond] += w;
      weights[neighbors[site * degree + d] * bonds + bond] += w;
      bond++;
    }
  }
  return {
    units: "spin",
    visible: sites,
    hidden: bonds,
    weights,
    visibleBias: new Float64Array(sites),
    hiddenBias: new Float64Array(bonds),
  };
}
