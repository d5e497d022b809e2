import { type BitMatrix, countUp } from "../kernels/index.js";
import { BondSum } from "./bond-sum.js";
import type { IsingModel } from "./model.js";

/** Σ_<ij> v_i v_j over all bonds of one configuration of ±1 spins (a doubled bond counts twice). */
export function bondSum({ lattice }: IsingModel, spins: Int8Array): number {
  const { sites, degree, neighbors } = lattice;
  let sum = 0;
  for (let site = 0; site < sites; site++) {
    let field = 0;
    for (let d = 0; d < degree; d += 2) field += spins[neighbors[site * degree + d]];
    sum += spins[site] * field;
  }
  return sum;
}

/**
 * H(v) = −K Σ_<ij> v_i v_j − B Σ v_i for one configuration, nats.
 *
 * @param model K, B and the lattice
 * @param spins v, ±1 at every site, in the order of the lattice's sites
 */
export function isingHamiltonian(model: IsingModel, spins: Int8Array): number {
  let magnetization = 0;
  for (let site = 0; site < spins.length; site++) magnetization += spins[site];
  return -model.coupling * bondSum(model, spins) - model.field * magnetization;
}

/**
 * H(v) of every row, nats.
 *
 * @param model K, B and the lattice
 * @param configurations a row each, a column for every site of the lattice
 */
export function isingHamiltonians(model: IsingModel, configurations: BitMatrix): Float64Array {
  const { lattice, coupling, field } = model;
  const bonds = new BondSum(lattice);
  return Float64Array.from({ length: configurations.rows }, (_, row) => {
    const magnetization = 2 * countUp(configurations, row) - lattice.sites;
    return -coupling * bonds.of(configurations, row) - field * magnetization;
  });
}
