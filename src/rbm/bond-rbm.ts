import type { IsingModel } from "../ising/model.js";
import { exp, log } from "../kernels/elementary.js";
import type { LayerArrays } from "../kernels/index.js";
import { zeroRbm } from "./parameters.js";

/**
 * The RBM whose visible units are the Ising model exactly (B = 0): a hidden ±1 unit on each bond, coupled to both its ends by w
 * with cosh 2w = e^{2K}, so that 2cosh(w(v + v')) = 2e^K e^{Kvv'}. Then KL(P‖P_λ) = 0, and F − F_λ = (number of bonds)·(ln 2 + K),
 * 2n(ln 2 + K) on a square torus. Bonds are numbered by their site and direction; n × (n·degree/2) weights.
 */
export function bondRbm({ lattice, coupling }: IsingModel): LayerArrays {
  const { sites, degree, neighbors } = lattice;
  const bonds: (readonly [number, number])[] = [];
  // Directions 2k and 2k + 1 are opposite: every second one reaches each bond from one of its ends.
  for (let site = 0; site < sites; site++) {
    for (let d = 0; d < degree; d += 2) bonds.push([site, neighbors[site * degree + d]]);
  }
  const e = exp(2 * coupling);
  const w = log(e + Math.sqrt(e * e - 1)) / 2;
  const rbm = zeroRbm("spin", sites, bonds.length);
  bonds.forEach(([a, b], bond) => {
    rbm.weights[a * bonds.length + bond] += w;
    rbm.weights[b * bonds.length + bond] += w;
  });
  return rbm;
}
