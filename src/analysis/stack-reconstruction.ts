import { bondSum } from "../ising/hamiltonian.js";
import type { IsingModel } from "../ising/model.js";
import { type BitMatrix, type Kernels, type LayerArrays, unpackRow } from "../kernels/index.js";
import { meanVisibleGivenHidden } from "../rbm/energy.js";
import { hiddenMeans } from "./hidden-means.js";

/**
 * Configurations put through a stack and back: up to the top layer and down again by passing on means (Mehta & Schwab 2014),
 * t⁽ˡ⁾ = ⟨h⟩ given t⁽ˡ⁻¹⁾ upwards, then ⟨v⟩ given the layer above downwards. Returns ⟨v⟩ in [−1, 1], rows × sites. The top
 * layer's m means are all that is left of the n spins. Cost: 2 rows Σ_l m_{l−1} m_l.
 */
export function reconstruct(layers: readonly LayerArrays[], rows: BitMatrix, kernels: Kernels): Float64Array {
  const { units, hidden } = layers[layers.length - 1];
  const top = hiddenMeans(layers, rows, kernels)[layers.length - 1];
  const out = new Float64Array(rows.rows * rows.columns);
  for (let row = 0; row < rows.rows; row++) {
    const means = Float64Array.from(top.subarray(row * hidden, (row + 1) * hidden));
    const below = downPass(layers, units === "spin" ? means : means.map((t) => (1 + t) / 2));
    out.set(units === "spin" ? below : below.map((p) => 2 * p - 1), row * rows.columns);
  }
  return out;
}

/** ⟨v⟩ of the bottom layer, in the model's own units, from means of the top layer's hidden units. */
function downPass(layers: readonly LayerArrays[], top: Float64Array): Float64Array {
  return layers.reduceRight((means, layer) => meanVisibleGivenHidden(layer, means), top);
}

/**
 * Every block of side b replaced by the mean of its spins, rows × sites: the reconstruction from block spins at the same
 * compression, for comparison. The sides of the lattice must be multiples of b; blocks begin at site 0.
 */
export function blockReconstruction(rows: BitMatrix, shape: readonly number[], b: number): Float64Array {
  const sites = rows.columns;
  const columns = shape.length === 1 ? 1 : shape[1];
  const width = shape.length === 1 ? 1 : columns / b;
  const block = Int32Array.from({ length: sites }, (_, site) =>
    shape.length === 1
      ? Math.floor(site / b)
      : Math.floor(Math.floor(site / columns) / b) * width + Math.floor((site % columns) / b),
  );
  const size = shape.length === 1 ? b : b * b;
  const out = new Float64Array(rows.rows * sites);
  const spins = new Int8Array(sites);
  for (let row = 0; row < rows.rows; row++) {
    unpackRow(rows, row, spins);
    const means = new Float64Array(sites / size);
    spins.forEach((spin, site) => (means[block[site]] += spin / size));
    block.forEach((index, site) => (out[row * sites + site] = means[index]));
  }
  return out;
}

/** One configuration beside its reconstruction ⟨v⟩, whose spins are its signs (a tie is +1). */
export interface ReconstructionRow {
  /** Share of the spins that are equal; a tie counts one half. */
  readonly accuracy: number;
  /** (1/N) Σ v ⟨v⟩. */
  readonly overlap: number;
  /** Accuracy of guessing every spin as the majority of the configuration, (1 + |m|)/2: what a single number gives. */
  readonly majorityAccuracy: number;
  /** −(1/N) Σ_<ij> v_i v_j of the configuration and of the reconstruction's spins. */
  readonly energy: number;
  readonly reconstructedEnergy: number;
  /** |m| of both. */
  readonly magnetization: number;
  readonly reconstructedMagnetization: number;
}

/** Compare every configuration with its reconstruction, `means` in [−1, 1], rows × sites. */
export function compareReconstructions(
  model: IsingModel,
  rows: BitMatrix,
  means: Float64Array,
): readonly ReconstructionRow[] {
  const { sites } = model.lattice;
  const spins = new Int8Array(sites);
  return Array.from({ length: rows.rows }, (_, row) => {
    unpackRow(rows, row, spins);
    return compareRow(model, spins, means.subarray(row * sites, (row + 1) * sites));
  });
}

function compareRow(model: IsingModel, spins: Int8Array, means: Float64Array): ReconstructionRow {
  const { sites } = model.lattice;
  const guessed = Int8Array.from(means, (mean) => (mean < 0 ? -1 : 1));
  let [right, overlap] = [0, 0];
  for (let site = 0; site < sites; site++) {
    const agreement = Math.sign(means[site]) * spins[site];
    right += (1 + agreement) / 2;
    overlap += means[site] * spins[site];
  }
  const magnetization = magnitude(spins);
  return {
    accuracy: right / sites,
    overlap: overlap / sites,
    majorityAccuracy: (1 + magnetization) / 2,
    energy: (0 - bondSum(model, spins)) / sites,
    reconstructedEnergy: (0 - bondSum(model, guessed)) / sites,
    magnetization,
    reconstructedMagnetization: magnitude(guessed),
  };
}

function magnitude(spins: Int8Array): number {
  let sum = 0;
  for (const spin of spins) sum += spin;
  return Math.abs(sum) / spins.length;
}
