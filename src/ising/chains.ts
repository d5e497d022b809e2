import type { LatticeState } from "../kernels/index.js";
import { RandomStream, type SeedKey } from "../random/index.js";
import type { Lattice } from "./lattice.js";

/** Initial states: `hot` random, `cold` all spins up, `mixed` the first half of the chains cold and the rest hot. */
export const startNames = ["auto", "hot", "cold", "mixed"] as const;

/** How chains begin: at random (hot), all spins up (cold), half of them each (mixed), or as suits the model (auto). */
export type StartName = (typeof startNames)[number];

/**
 * Make `chains` chains in their initial states. Lane layout as in LatticeState, with just enough groups of 128 lanes;
 * spare lanes start like the rest.
 */
export function startChains(
  lattice: Lattice,
  chains: number,
  start: Exclude<StartName, "auto">,
  key: SeedKey,
  allocateWords: (length: number) => Uint32Array,
): LatticeState {
  const { sites, degree, neighbors } = lattice;
  const wordsPerSite = 4 * Math.ceil(chains / 128);
  const spins = allocateWords(sites * wordsPerSite);
  const stream = new RandomStream(key);
  for (let site = 0; site < sites; site++) {
    for (let word = 0; word < wordsPerSite; word++) {
      const random = stream.nextWord();
      spins[site * wordsPerSite + word] = random | coldLanes(start, chains, word);
    }
  }
  return { sites, degree, neighbors, chains, wordsPerSite, spins };
}

/** The lanes of one word that start with every spin up. */
function coldLanes(start: Exclude<StartName, "auto">, chains: number, word: number): number {
  if (start === "hot") return 0;
  if (start === "cold") return -1;
  const cold = (chains >>> 1) - 32 * word;
  if (cold >= 32) return -1;
  return cold <= 0 ? 0 : (1 << cold) - 1;
}
