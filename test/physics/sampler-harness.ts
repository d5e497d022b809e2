import type { IsingModel } from "../../src/ising/model.js";
import type { Sampler } from "../../src/ising/samplers/index.js";
import type { LatticeState } from "../../src/kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../src/random/index.js";
import { kernels } from "./kernels.js";

/** Chains whose states are drawn exactly from `probabilities` (2^N entries), by inversion. */
export function chainsInDistribution(
  model: IsingModel,
  probabilities: Float64Array,
  chains: number,
  key: SeedKey,
): LatticeState {
  const { sites, degree, neighbors } = model.lattice;
  const wordsPerSite = Math.ceil(chains / 32);
  const spins = new Uint32Array(sites * wordsPerSite);
  const cumulative = Float64Array.from(probabilities);
  for (let state = 1; state < cumulative.length; state++) cumulative[state] += cumulative[state - 1];
  const stream = new RandomStream(key);
  for (let chain = 0; chain < chains; chain++) {
    const state = firstAbove(cumulative, stream.nextUniform());
    for (let site = 0; site < sites; site++) {
      spins[site * wordsPerSite + (chain >>> 5)] |= ((state >>> site) & 1) << (chain & 31);
    }
  }
  return { sites, degree, neighbors, chains, wordsPerSite, spins };
}

function firstAbove(cumulative: Float64Array, u: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Advance all chains by `steps` steps of the sampler. */
export function advance(
  sampler: Sampler,
  model: IsingModel,
  state: LatticeState,
  steps: number,
  key: SeedKey,
): Float64Array {
  const volumes = new Float64Array(state.chains);
  for (let step = 0; step < steps; step++) {
    sampler.advance(kernels.lattice, state, model, deriveKey(key, "isingChains", step), volumes);
  }
  return volumes;
}

/** How many chains are in each of the 2^N states. */
export function stateCounts(state: LatticeState): Float64Array {
  const counts = new Float64Array(2 ** state.sites);
  for (let chain = 0; chain < state.chains; chain++) {
    let index = 0;
    for (let site = 0; site < state.sites; site++) {
      const word = state.spins[site * state.wordsPerSite + (chain >>> 5)];
      index |= ((word >>> (chain & 31)) & 1) << site;
    }
    counts[index]++;
  }
  return counts;
}

/** Total variation distance ½ Σ |counts/S − p|. */
export function totalVariation(counts: Float64Array, probabilities: Float64Array): number {
  const samples = counts.reduce((sum, n) => sum + n, 0);
  return counts.reduce((sum, n, state) => sum + Math.abs(n / samples - probabilities[state]), 0) / 2;
}

/** The same distance for exact multinomial samples: mean and standard deviation over replicas, the Monte-Carlo floor. */
export function totalVariationFloor(
  probabilities: Float64Array,
  samples: number,
  key: SeedKey,
  replicas = 60,
): { mean: number; deviation: number } {
  const cumulative = Float64Array.from(probabilities);
  for (let state = 1; state < cumulative.length; state++) cumulative[state] += cumulative[state - 1];
  const distances = Array.from({ length: replicas }, (_, replica) => {
    const stream = new RandomStream(deriveKey(key, "analysis", replica));
    const counts = new Float64Array(probabilities.length);
    for (let sample = 0; sample < samples; sample++) counts[firstAbove(cumulative, stream.nextUniform())]++;
    return totalVariation(counts, probabilities);
  });
  const mean = distances.reduce((sum, d) => sum + d, 0) / replicas;
  const variance = distances.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (replicas - 1);
  return { mean, deviation: Math.sqrt(variance) };
}
