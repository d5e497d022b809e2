import type { SeedKey } from "../random/index.js";
import type { BitMatrix } from "./bit-matrix.js";

/** Unit type of an RBM: `spin` units take −1 and +1, `binary` units 0 and 1. Both layers of a model have the same type. */
export type UnitType = "spin" | "binary";

/**
 * The parameters of one RBM as the kernels see them: E(v, h) = −c·v − b·h − vᵀWh.
 * `weights` is W, row-major visible × hidden; `visibleBias` is c, `hiddenBias` is b.
 */
export interface LayerArrays {
  readonly units: UnitType;
  readonly visible: number;
  readonly hidden: number;
  readonly weights: Float32Array;
  readonly visibleBias: Float32Array;
  readonly hiddenBias: Float32Array;
}

/** The hot loops of RBM training. Every array passed in must come from `allocateFloat32`, `allocateWords`. */
export interface RbmKernels {
  /** inputs[s, j] = b_j + Σ_i v_si W_ij, for every row s of `visible`. inputs: rows × hidden. */
  hiddenInputs(layer: LayerArrays, visible: BitMatrix, inputs: Float32Array): void;

  /** inputs[s, i] = c_i + Σ_j W_ij h_sj, for every row s of `hidden`. inputs: rows × visible. */
  visibleInputs(layer: LayerArrays, hidden: BitMatrix, inputs: Float32Array): void;

  /** means = tanh(inputs) for spin units, logistic(inputs) for binary ones. May work in place. */
  unitMeans(units: UnitType, inputs: Float32Array, means: Float32Array): void;

  /**
   * Sample each unit from its conditional: P(upper) = logistic(2x) for spin units, logistic(x) for binary ones, x its
   * input. Unit (row, column) uses word `column & 1` of the Threefry block (key, counter = (column >>> 1, row)).
   */
  sampleUnits(units: UnitType, inputs: Float32Array, key: SeedKey, out: BitMatrix): void;

  /** out[i, j] += scale · Σ_s v_si p_sj: the W part of the statistics ⟨v hᵀ⟩. out: visible × hidden. */
  addCorrelations(
    units: UnitType,
    visible: BitMatrix,
    hiddenMeans: Float32Array,
    hidden: number,
    scale: number,
    out: Float32Array,
  ): void;

  /** out[s] = H_λ(v_s) = −c·v − Σ_j ln 2cosh(x_j) (spin) or −c·v − Σ_j softplus(x_j) (binary), in double precision. */
  effectiveHamiltonian(layer: LayerArrays, visible: BitMatrix, out: Float64Array): void;
}

/**
 * Many independent chains on one lattice. Bit `c & 31` of `spins[site·wordsPerSite + (c >>> 5)]` is the spin of chain
 * c at `site`; lanes beyond the last chain evolve too and are ignored.
 */
export interface LatticeState {
  readonly sites: number;
  readonly degree: number;
  /** neighbors[site·degree + d] */
  readonly neighbors: Int32Array;
  readonly chains: number;
  readonly wordsPerSite: number;
  readonly spins: Uint32Array;
}

/** Reduced coupling K and field B of H = −K Σ v v' − B Σ v. */
export interface IsingCouplings {
  readonly coupling: number;
  readonly field: number;
}

/**
 * One update of every chain. `key` names this update alone (derive one per step); chains use disjoint parts of its
 * stream, so the result does not depend on how chains are distributed over threads.
 */
export interface LatticeKernels {
  /** One heat-bath sweep, sites in order: P(v_i = +1 | rest) = logistic(2(K Σ_nn v + B)). */
  heatBathSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void;

  /**
   * One Metropolis sweep: `sites` updates at sites drawn at random (with replacement, the same for all chains), flip
   * accepted with min(1, e^{−ΔH}). A fixed order would be reducible on small lattices.
   */
  metropolisSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void;

  /** Grow and flip one Wolff cluster in every chain (B = 0), bond probability 1 − e^{−2K}. Adds each chain's cluster size to `sizes`. */
  wolffCluster(state: LatticeState, couplings: IsingCouplings, key: SeedKey, sizes: Float64Array): void;

  /** One Swendsen–Wang sweep of every chain (B = 0): all bonds drawn, every cluster flipped with probability ½. */
  swendsenWangSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void;
}

/** One implementation of the hot loops. */
export interface Kernels {
  readonly name: string;
  readonly rbm: RbmKernels;
  readonly lattice: LatticeKernels;
  allocateFloat32(length: number): Float32Array;
  allocateWords(length: number): Uint32Array;
}
