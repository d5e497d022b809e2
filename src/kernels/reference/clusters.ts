import { RandomStream, type SeedKey, threefry2x32 } from "../../random/index.js";
import { expm1 } from "../elementary.js";
import type { IsingCouplings, LatticeState } from "../interface.js";
import { fixedPoint } from "./lane-bernoulli.js";

/** Probability that a bond between equal spins is drawn: 1 − e^{−2K}, in 32-bit fixed point. */
export function bondThreshold({ coupling }: IsingCouplings): number {
  return fixedPoint(-expm1(-2 * coupling));
}

/** The streams of one chain within one update: 0 grows clusters, 1 flips those of Swendsen and Wang. */
function chainStream(key: SeedKey, chain: number, use: 0 | 1): RandomStream {
  const block = new Uint32Array(2);
  threefry2x32(key.word0, key.word1, chain, use, block);
  return new RandomStream({ word0: block[0], word1: block[1], brand: "SeedKey" });
}

/** Sites of the growing cluster, in the order in which they joined; kept between calls, as clusters are many. */
let queue = new Int32Array(0);

/**
 * See LatticeKernels.wolffCluster. Sites are flipped when they join, so a flipped spin never joins twice; neighbours are
 * visited first come, first served.
 */
export function wolffCluster(
  state: LatticeState,
  couplings: IsingCouplings,
  key: SeedKey,
  sizes: Float64Array,
): void {
  const { sites, degree, neighbors, chains, wordsPerSite, spins } = state;
  const threshold = bondThreshold(couplings);
  if (queue.length < sites) queue = new Int32Array(sites);
  for (let chain = 0; chain < chains; chain++) {
    const stream = chainStream(key, chain, 0);
    const word = chain >>> 5;
    const shift = chain & 31;
    const seed = stream.nextInteger(sites);
    const spin = (spins[seed * wordsPerSite + word] >>> shift) & 1;
    spins[seed * wordsPerSite + word] ^= 1 << shift;
    queue[0] = seed;
    let size = 1;
    for (let visited = 0; visited < size; visited++) {
      const site = queue[visited];
      for (let d = 0; d < degree; d++) {
        const neighbor = neighbors[site * degree + d];
        const index = neighbor * wordsPerSite + word;
        if (((spins[index] >>> shift) & 1) === spin && stream.nextWord() < threshold) {
          spins[index] ^= 1 << shift;
          queue[size++] = neighbor;
        }
      }
    }
    sizes[chain] += size;
  }
}

/**
 * See LatticeKernels.swendsenWangSweep. Bonds are drawn in site order; clusters are found by union–find, the root of each
 * being its first site. Cluster n, in the order of the roots, takes bit n & 31 of word n >>> 5 of its chain's second
 * stream, and flips if it is set.
 */
export function swendsenWangSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
  const { sites, degree, neighbors, chains, wordsPerSite, spins } = state;
  const threshold = bondThreshold(couplings);
  const parent = new Int32Array(sites);
  for (let chain = 0; chain < chains; chain++) {
    const stream = chainStream(key, chain, 0);
    const word = chain >>> 5;
    const shift = chain & 31;
    for (let site = 0; site < sites; site++) parent[site] = site;
    for (let site = 0; site < sites; site++) {
      const spin = (spins[site * wordsPerSite + word] >>> shift) & 1;
      for (let d = 0; d < degree; d += 2) {
        const neighbor = neighbors[site * degree + d];
        const equal = ((spins[neighbor * wordsPerSite + word] >>> shift) & 1) === spin;
        if (equal && stream.nextWord() < threshold) unite(parent, site, neighbor);
      }
    }
    flipClusters(state, parent, chain, chainStream(key, chain, 1));
  }
}

function flipClusters(
  { sites, wordsPerSite, spins }: LatticeState,
  parent: Int32Array,
  chain: number,
  coins: RandomStream,
): void {
  const flips = new Uint8Array(sites);
  let clusters = 0;
  let bits = 0;
  for (let site = 0; site < sites; site++) {
    if (parent[site] === site) {
      if ((clusters & 31) === 0) bits = coins.nextWord();
      flips[site] = (bits >>> (clusters++ & 31)) & 1;
    } else {
      flips[site] = flips[parent[site]];
    }
    spins[site * wordsPerSite + (chain >>> 5)] ^= flips[site] << (chain & 31);
  }
}

/** Join the trees of two sites; the smaller root stays one, so that a parent always comes before its children. */
function unite(parent: Int32Array, a: number, b: number): void {
  const rootA = findRoot(parent, a);
  const rootB = findRoot(parent, b);
  parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
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
