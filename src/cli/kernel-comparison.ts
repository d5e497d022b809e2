import { startChains } from "../ising/chains.js";
import { torus } from "../ising/lattice.js";
import { bitMatrix, type Kernels, type LayerArrays, type LatticeState } from "../kernels/index.js";
import { deriveKey, fillStandardNormal, seedKey, type SeedKey } from "../random/index.js";

/** Sums are added in another order than by the reference: results may differ by this much, in units of the spins. */
export const RBM_TOLERANCE = 1e-6;

/** Large enough for a product to be shared among threads, and rows enough for the largest tables of the kernels. */
const SHAPE = { visible: 256, hidden: 40, rows: 500 } as const;

const SIDE = 16;
const CHAINS = 128;
const SWEEPS = 2;

/** A CD-1 step on both kernels, from the same bits: the largest difference of hidden means and new weights. */
export function compareRbm(kernels: Kernels, reference: Kernels): number {
  const found = cdStep(kernels, reference);
  const expected = cdStep(reference, reference);
  return Math.max(...found.map((array, index) => largestDifference(array, expected[index])));
}

/** Hidden means of data and of reconstructions, and the weights after the step; units are sampled by `sampler`. */
function cdStep(kernels: Kernels, sampler: Kernels): readonly Float32Array[] {
  const { visible, hidden, rows } = SHAPE;
  const key = seedKey("doctor");
  const layer: LayerArrays = {
    units: "spin",
    visible,
    hidden,
    weights: normal(visible * hidden, deriveKey(key, "initialWeights")).map((x) => x / 30),
    visibleBias: normal(visible, deriveKey(key, "initialWeights", 1)),
    hiddenBias: normal(hidden, deriveKey(key, "initialWeights", 2)),
  };
  const data = bitMatrix(rows, visible);
  const hiddenBits = bitMatrix(rows, hidden);
  const model = bitMatrix(rows, visible);
  const random = (step: number): SeedKey => deriveKey(key, "gibbsChain", step);
  sampler.rbm.visibleGivenHidden(layer, hiddenBits, { sample: { key: random(0), out: data } });
  const means = [new Float32Array(rows * hidden), new Float32Array(rows * hidden)];
  kernels.rbm.hiddenGivenVisible(layer, data, { means: means[0] });
  sampler.rbm.hiddenGivenVisible(layer, data, { sample: { key: random(1), out: hiddenBits } });
  sampler.rbm.visibleGivenHidden(layer, hiddenBits, { sample: { key: random(2), out: model } });
  kernels.rbm.hiddenGivenVisible(layer, model, { means: means[1] });
  const weights = Float32Array.from(layer.weights);
  kernels.rbm.descend(
    "spin",
    [
      { visible: data, hiddenMeans: means[0], scale: 1 / rows },
      { visible: model, hiddenMeans: means[1], scale: -1 / rows },
    ],
    { rate: 0.1, momentum: 0.5, l2: 0, l1: 0, threshold: 1e-4 },
    hidden,
    weights,
    new Float32Array(weights.length),
  );
  return [...means, weights];
}

function normal(length: number, key: SeedKey): Float32Array {
  const out = new Float32Array(length);
  fillStandardNormal(key, out);
  return out;
}

/** max |a − b|; ∞ where a number is missing. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k] - b[k]);
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** Every lattice update on both kernels from the same chains: whether all spins are the same. */
export function latticesAgree(kernels: Kernels, reference: Kernels): boolean {
  const expected = evolve(reference);
  return evolve(kernels).every((word, index) => word === expected[index]);
}

/** The spins after a few sweeps of each kind. */
function evolve({ lattice: updates }: Kernels): Uint32Array {
  const lattice = torus(SIDE, SIDE);
  const key = seedKey("doctor");
  const state: LatticeState = startChains(
    lattice,
    CHAINS,
    "hot",
    deriveKey(key, "isingStart"),
    (length) => new Uint32Array(length),
  );
  const couplings = { coupling: 0.44, field: 0 };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const random = (kind: number): SeedKey => deriveKey(key, "isingChains", sweep, kind);
    updates.heatBathSweep(state, couplings, random(0));
    updates.metropolisSweep(state, couplings, random(1));
    updates.wolffCluster(state, couplings, random(2), new Float64Array(CHAINS));
    updates.swendsenWangSweep(state, couplings, random(3));
  }
  return state.spins;
}
