import { RandomStream, type SeedKey, threefry2x32 } from "../../random/index.js";
import { expm1 } from "../elementary.js";
import type { IsingCouplings, LatticeState } from "../interface.js";
import { fixedPoint } from "./lane-bernoulli.js";

/** Probability that a bond between equal spins is drawn: 1 − e^{−2K}, in 32-bit fixed point. */
function bondThreshold({ coupling }: IsingCouplings): number {
  return fixedPoint(-expm1(-2 * coupling));
}

/** The stream of one chain within one update. */
function chainStream(key: SeedKey, chain: number): RandomStream {
  const block = new Uint32Array(2);
  threefry2x32(key.word0, key.word1, chain, 0, block);
  return new RandomStream({ word0: block[0], word1: block[1], brand: "SeedKey" });
}

/** Sites of the growing cluster whose neighbours are still to be visited; kept between calls, as clusters are many. */
let stack = new Int32Array(0);

/** See LatticeKernels.wolffCluster. Sites are flipped when they join, so a flipped spin never joins twice. */
export function wolffCluster(
  state: LatticeState,
  couplings: IsingCouplings,
  key: SeedKey,
  sizes: Float64Array,
): void {
  const { sites, degree, neighbors, chains, wordsPerSite, spins } = state;
  const threshold = bondThreshold(couplings);
  if (stack.length < sites) stack = new Int32Array(sites);
  for (let chain = 0; chain < chains; chain++) {
    const stream = chainStream(key, chain);
    const word = chain >>> 5;
    const shift = chain & 31;
    const seed = stream.nextInteger(sites);
    const spin = (spins[seed * wordsPerSite + word] >>> shift) & 1;
    spins[seed * wordsPerSite + word] ^= 1 << shift;
    stack[0] = seed;
    let height = 1;
    let size = 1;
    while (height > 0) {
      const site = stack[--height];
      for (let d = 0; d < degree; d++) {
        const neighbor = neighbors[site * degree + d];
        const index = neighbor * wordsPerSite + word;
        if (((spins[index] >>> shift) & 1) === spin && stream.nextWord() < threshold) {
          spins[index] ^= 1 << shift;
          stack[height++] = neighbor;
          size++;
        }
      }
    }
    sizes[chain] += size;
  }
}

/** See LatticeKernels.swendsenWangSweep. Bonds are drawn in site order; clusters are found by union–find. */
export function swendsenWangSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
  const { sites, degree, neighbors, chains, wordsPerSite, spins } = state;
  const threshold = bondThreshold(couplings);
  const parent = new Int32Array(sites);
  const flips = new Uint8Array(sites);
  for (let chain = 0; chain < chains; chain++) {
    const stream = chainStream(key, chain);
    const word = chain >>> 5;
    const shift = chain & 31;
    for (let site = 0; site < sites; site++) parent[site] = site;
    for (let site = 0; site < sites; site++) {
      const spin = (spins[site * wordsPerSite + word] >>> shift) & 1;
      for (let d = 0; d < degree; d += 2) {
        const neighbor = neighbors[site * degree + d];
        const equal = ((spins[neighbor * wordsPerSite + word] >>> shift) & 1) === spin;
        if (equal && stream.nextWord() < threshold)
          parent[findRoot(parent, site)] = findRoot(parent, neighbor);
      }
    }
    for (let site = 0; site < sites; site++) flips[site] = stream.nextWord() >>> 31;
    for (let site = 0; site < sites; site++) {
      spins[site * wordsPerSite + word] ^= flips[findRoot(parent, site)] << shift;
    }
  }
}

/** Root of a site's tree, halving the path on the way. */
function findRoot(parent: Int32Array, site: number): number {
  let root = site;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]];
    root = parent[root];
  }
  return root;
}
