import { DomainError } from "../../errors/index.js";
import { exp, log } from "../../kernels/elementary.js";
import { latticeName, type Lattice } from "../lattice.js";
import type { IsingModel } from "../model.js";

/** Largest number of sites that is enumerated: 2^24 states. */
export const MAX_ENUMERATED_SITES = 24;

/** Number of states with each pair of bond sum and magnetization. */
export interface DensityOfStates {
  /** N, the number of spins. */
  readonly sites: number;
  /** Number of bonds, doubled ones counted twice: N on the ring, 2N on the torus. */
  readonly bonds: number;
  /** counts[bond·(sites + 1) + up], bond = (Σ_bonds vv' + bonds)/2, up = number of spins +1. */
  readonly counts: Float64Array;
}

/** Sums over all 2^N configurations of an Ising model. */
export interface EnumeratedIsing {
  /** ln Z, nats, extensive. */
  readonly logPartition: number;
  /** −(1/N) Σ_bonds ⟨v v'⟩: the bond energy alone, also in a field. */
  readonly energyPerSite: number;
  /** K² Var(bond energy)/N = K² ∂²(ln Z/N)/∂K². */
  readonly specificHeatPerSite: number;
  /** ⟨m⟩, m = Σ v/N; exactly 0 at B = 0. */
  readonly magnetization: number;
  /** ⟨|m|⟩. */
  readonly absMagnetization: number;
  /** ⟨m²⟩. */
  readonly m2: number;
  /** ⟨m⁴⟩. */
  readonly m4: number;
}

/**
 * Count the states of a lattice of ≤ 24 sites by bond sum and magnetization. A Gray code flips one spin per step; the last
 * spin stays +1 and the global flip supplies the other half. Cost 2^{N−1} steps (24 sites: about half a second). Throws
 * DomainError above 24 sites.
 */
export function densityOfStates(lattice: Lattice): DensityOfStates {
  requireEnumerable(lattice);
  const { sites, degree, neighbors } = lattice;
  const bonds = (sites * degree) / 2;
  const half = new Float64Array((bonds + 1) * (sites + 1));
  const spins = new Int8Array(sites).fill(1);
  let bond = bonds; // satisfied bonds
  let up = sites;
  half[bond * (sites + 1) + up] = 1;
  const steps = 2 ** (sites - 1);
  for (let step = 1; step < steps; step++) {
    const site = 31 - Math.clz32(step & -step);
    bond -= satisfiedMinusBroken(spins, neighbors, degree, site);
    up -= spins[site];
    spins[site] = -spins[site];
    half[bond * (sites + 1) + up] += 1;
  }
  const counts = half.map((count, index) => {
    const flipped = index - (index % (sites + 1)) + sites - (index % (sites + 1));
    return count + half[flipped];
  });
  return { sites, bonds, counts };
}

/** Exact thermodynamics of a model of ≤ 24 sites from its density of states. Throws DomainError above 24 sites. */
export function enumerateIsing(model: IsingModel): EnumeratedIsing {
  return momentsOf(densityOfStates(model.lattice), model.coupling, model.field);
}

/**
 * Thermodynamics at (K, B) from a density of states: sums of positive terms, the largest Boltzmann weight scaled to 1.
 *
 * @param density counts of the states of a lattice, see `densityOfStates`
 * @param coupling K = J/(k_B T)
 * @param field B, reduced
 */
export function momentsOf(density: DensityOfStates, coupling: number, field: number): EnumeratedIsing {
  const { sites, bonds } = density;
  const columns = sites + 1;
  const weights = relativeWeights(density, coupling, field);
  let z = 0;
  let broken = 0; // bonds broken, counted from the ground state so that its variance keeps its digits at large K
  let brokenSquare = 0;
  let magnetization = 0;
  let absolute = 0;
  let m2 = 0;
  let m4 = 0;
  density.counts.forEach((count, index) => {
    if (count === 0) return;
    const up = index % columns;
    const brokenBonds = bonds - (index - up) / columns;
    const m = (2 * up - sites) / sites;
    const weight = count * weights[index];
    z += weight;
    broken += weight * brokenBonds;
    brokenSquare += weight * brokenBonds * brokenBonds;
    magnetization += weight * m;
    absolute += weight * Math.abs(m);
    m2 += weight * m * m;
    m4 += weight * m * m * m * m;
  });
  const mean = broken / z;
  return {
    logPartition: coupling * bonds + Math.abs(field) * sites + log(z),
    energyPerSite: (2 * mean - bonds) / sites,
    specificHeatPerSite: (4 * coupling * coupling * (brokenSquare / z - mean * mean)) / sites,
    magnetization: field === 0 ? 0 : magnetization / z,
    absMagnetization: absolute / z,
    m2: m2 / z,
    m4: m4 / z,
  };
}

/** Boltzmann weight of each entry of `counts`, relative to the state of lowest energy (every spin along the field). */
function relativeWeights(density: DensityOfStates, coupling: number, field: number): Float64Array {
  const { sites, bonds, counts } = density;
  return counts.map((_, index) => {
    const up = index % (sites + 1);
    const broken = bonds - (index - up) / (sites + 1);
    const against = field >= 0 ? sites - up : up;
    return exp(-2 * (coupling * broken + Math.abs(field) * against));
  });
}

/**
 * P(v) of every state of a model of ≤ 24 sites: 2^N numbers that sum to 1; bit i of the index set means v_i = +1.
 * Memory 8·2^N bytes (24 sites: 128 MiB). Throws DomainError above 24 sites.
 */
export function boltzmannDistribution(model: IsingModel): Float64Array {
  const { lattice, coupling, field } = model;
  requireEnumerable(lattice);
  const { sites, degree, neighbors } = lattice;
  const bonds = (sites * degree) / 2;
  const density = densityOfStates(lattice);
  const weights = relativeWeights(density, coupling, field);
  const z = density.counts.reduce((sum, count, index) => sum + count * weights[index], 0);
  const table = weights.map((weight) => weight / z);
  const probabilities = new Float64Array(2 ** sites);
  const spins = new Int8Array(sites).fill(1);
  let state = 2 ** sites - 1;
  let bond = bonds;
  let up = sites;
  probabilities[state] = table[bond * (sites + 1) + up];
  for (let step = 1; step < probabilities.length; step++) {
    const site = 31 - Math.clz32(step & -step);
    bond -= satisfiedMinusBroken(spins, neighbors, degree, site);
    up -= spins[site];
    spins[site] = -spins[site];
    state ^= 1 << site;
    probabilities[state] = table[bond * (sites + 1) + up];
  }
  return probabilities;
}

/** Bonds at a site that are satisfied, less those that are broken: what the count of satisfied bonds loses by its flip. */
function satisfiedMinusBroken(spins: Int8Array, neighbors: Int32Array, degree: number, site: number): number {
  let sum = 0;
  for (let d = site * degree; d < (site + 1) * degree; d++) sum += spins[neighbors[d]];
  return sum * spins[site];
}

function requireEnumerable(lattice: Lattice): void {
  if (lattice.sites > MAX_ENUMERATED_SITES) {
    throw new DomainError(
      `lattice ${latticeName(lattice)}: ${lattice.sites} sites are too many to enumerate (at most ` +
        `${MAX_ENUMERATED_SITES}). Use the transfer matrix or the closed form of the torus.`,
    );
  }
}
