import type { SeedKey } from "../random/index.js";
import type { BitMatrix } from "./bit-matrix.js";

/** Unit type of an RBM: `spin` units take −1 and +1, `binary` units 0 and 1. Both layers of a model have the same type. */
export type UnitType = "spin" | "binary";

/**
 * The parameters of one RBM as the kernels see them: E(v, h) = −c·v − b·h − vᵀWh.
 * `weights` is W, row-major visible × hidden; `visibleBias` is c, `hiddenBias` is b.
 */
export interface LayerArrays {
  /** The values of the units of both layers. */
  readonly units: UnitType;
  /** n, the number of visible units. */
  readonly visible: number;
  /** m, the number of hidden units. */
  readonly hidden: number;
  /** W, row-major n × m: weights[i·m + j] joins visible i and hidden j. */
  readonly weights: Float32Array;
  /** c, length n. */
  readonly visibleBias: Float32Array;
  /** b, length m. */
  readonly hiddenBias: Float32Array;
}

/** A stream of random numbers and the matrix of unit states it fills. */
export interface SampleRequest {
  /** Names this draw alone. */
  readonly key: SeedKey;
  /** rows × units of the layer; overwritten. */
  readonly out: BitMatrix;
}

/** What to compute from the inputs x of one layer's units, for every row; what is absent is not computed. */
export interface ConditionalRequest {
  /** Inverse temperature of every row, a factor on all its inputs (biases included); 1 if absent. */
  readonly inverseTemperatures?: Float32Array | undefined;
  /** x, rows × units. */
  readonly inputs?: Float32Array | undefined;
  /** ⟨unit⟩ = tanh(x) for spin units, logistic(x) for binary ones; rows × units. */
  readonly means?: Float32Array | undefined;
  /**
   * Units sampled from their conditional, P(upper) = logistic(2x) (spin) or logistic(x) (binary). Unit (row, column)
   * uses word `column & 1` of the Threefry block (key, counter = (column >>> 1, row)); see `sampledBit`.
   */
  readonly sample?: SampleRequest | undefined;
  /** Traces over the units, each at inverse temperatures of its own. */
  readonly logPartitions?: readonly LogPartitionRequest[] | undefined;
}

/** out[row] += Σ_units ln 2cosh(βx) (spin) or Σ softplus(βx) (binary), added up in double precision. */
export interface LogPartitionRequest {
  /** β of every row; 1 if absent. */
  readonly inverseTemperatures?: Float32Array | undefined;
  readonly out: Float64Array;
}

/** One term scale · Σ_s v_s p_sᵀ of a descent direction: `visible` has as many rows as `hiddenMeans`. */
export interface CorrelationTerm {
  readonly visible: BitMatrix;
  /** p, rows × hidden. */
  readonly hiddenMeans: Float32Array;
  readonly scale: number;
}

/** Real numbers v and h whose product v hᵀ is added to a sum of correlations. */
export interface OuterProduct {
  readonly visible: Float32Array;
  readonly hidden: Float32Array;
}

/** One step of gradient descent with momentum on the weights. */
export interface DescentStep {
  readonly rate: number;
  readonly momentum: number;
  /** λ₂ of ½λ₂ΣW², acting inside the gradient. */
  readonly l2: number;
  /** λ₁ of λ₁Σ|W| as a subgradient inside the gradient. */
  readonly l1: number;
  /** Weights are shrunk towards zero by this much after the step. */
  readonly threshold: number;
}

/** The hot loops of RBM training. Arrays from an arena of the same kernels are used in place, others are copied. */
export interface RbmKernels {
  /** The hidden units given every row of `visible`: x_j = b_j + Σ_i v_i W_ij. */
  hiddenGivenVisible(layer: LayerArrays, visible: BitMatrix, request: ConditionalRequest): void;

  /** The visible units given every row of `hidden`: x_i = c_i + Σ_j W_ij h_j. */
  visibleGivenHidden(layer: LayerArrays, hidden: BitMatrix, request: ConditionalRequest): void;

  /** out_j = b_j + Σ_i v_i W_ij for one visible vector of real numbers, in double precision, i in order. */
  hiddenInputsOfReals(layer: LayerArrays, visible: Float64Array, out: Float64Array): void;

  /** out[i, j] += Σ_terms scale · Σ_s v_si p_sj. out: visible × hidden. */
  addCorrelations(
    units: UnitType,
    terms: readonly CorrelationTerm[],
    hidden: number,
    out: Float32Array,
  ): void;

  /**
   * The same sum plus outer products as the gradient g of one descent step, never stored:
   * u ← μu + rate·(g − l2·w − l1·sign w), w ← shrink(w + u, threshold).
   */
  descend(
    units: UnitType,
    terms: readonly CorrelationTerm[],
    step: DescentStep,
    hidden: number,
    weights: Float32Array,
    velocity: Float32Array,
    outerProducts?: readonly OuterProduct[],
  ): void;

  /** visibleOut[i] += scale · Σ_s v_si and hiddenOut[j] += scale · Σ_s p_sj: the bias parts of the same statistics. */
  addMeans(units: UnitType, term: CorrelationTerm, visibleOut: Float32Array, hiddenOut: Float32Array): void;
}

/**
 * Many independent chains on one lattice. Bit `c & 31` of `spins[site·wordsPerSite + (c >>> 5)]` is the spin of chain
 * c at `site`. Lanes are updated 128 at a time, so `wordsPerSite` is a multiple of 4; lanes beyond the last chain may evolve
 * too, and are ignored.
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

/** The parameters of one RBM in single or double precision, laid out as in `LayerArrays`. */
export interface LayerParameters {
  readonly units: UnitType;
  /** n */
  readonly visible: number;
  /** m */
  readonly hidden: number;
  readonly weights: Float32Array | Float64Array;
  readonly visibleBias: Float32Array | Float64Array;
  readonly hiddenBias: Float32Array | Float64Array;
}

/** Averages ⟨v hᵀ⟩ (row-major visible × hidden), ⟨v⟩ and ⟨h⟩ of one distribution, in double precision. */
export interface SufficientStatistics {
  /** ⟨v_i h_j⟩ at i·m + j, row-major n × m. */
  readonly weights: Float64Array;
  /** ⟨v⟩, length n. */
  readonly visibleBias: Float64Array;
  /** ⟨h⟩, length m. */
  readonly hiddenBias: Float64Array;
}

/**
 * Sums over all 2^n states of the visible layer with the hidden layer traced in closed form, in double precision. The
 * tables have length 2^n; bit i of the number of a state is set if v_i is in its upper state. Tables from an arena of the
 * same kernels are used in place, others are copied. DomainError above n = 24.
 */
export interface EnumerationKernels {
  /**
   * out[v] = H_λ(v) = −c·v − Σ_j ln 2cosh(x_j), softplus(x_j) for binary units, in nats, x = b + vᵀW (Burns eq. 2 with our
   * sign).
   */
  hamiltonians(layer: LayerParameters, out: Float64Array): void;

  /** ln Z_λ = ln Σ_v e^{−H_λ(v)}, no table kept. */
  logPartition(layer: LayerParameters): number;

  /** out[v] = P(v) = e^{−H(v) − ln Z}; returns ln Z = ln Σ_v e^{−H(v)}. `out` may be `hamiltonians` itself. */
  distribution(hamiltonians: Float64Array, out: Float64Array): number;

  /**
   * Σ_v q(v) (v t(v)ᵀ, v, t(v)), t(v) = ⟨h⟩ given v, for each table q of any numbers; several of them share the cost of t.
   * With q = P this is the data phase, with q = P_λ the model phase, with q = P − P_λ minus the gradient of KL(P‖P_λ).
   */
  statistics(layer: LayerParameters, qs: readonly Float64Array[]): readonly SufficientStatistics[];
}

/** Arrays that live in the memory of the kernels, so that no call copies them. */
export interface Arena {
  /** Zeros. */
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
  words(length: number): Uint32Array;
  /** Give everything back; the arrays must not be used afterwards. */
  release(): void;
}

/** One implementation of the hot loops. */
export interface Kernels {
  /** `wasm` or `reference`. */
  readonly name: string;
  /** Threads that share the work. The results do not depend on it. */
  readonly threads: number;
  /** Conditional distributions, samples and gradients of RBMs. */
  readonly rbm: RbmKernels;
  /** Updates of Ising chains. */
  readonly lattice: LatticeKernels;
  /** Sums over all states of an RBM. */
  readonly enumeration: EnumerationKernels;
  /** Memory in which arrays need not be copied. */
  arena(): Arena;
  /** End the threads. The kernels must not be used afterwards. */
  close(): void;
}
