import type { Arena, BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import type { Direction } from "../direction.js";
import type { StateArrays } from "../layer-state.js";
import type { HamiltonianOf } from "../target-model.js";

/** Mean and variance of D(v) = H(v) − H_λ(v) over one distribution, in nats and nats². */
export interface Mismatch {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Averages over one distribution, at the current parameters, for the current batch and as far as the estimator knows
 * them. The sufficient statistics are s(v) = (v tᵀ, v, t) = −∇_λ H_λ(v), t = ⟨h⟩ given v. What rests on D = H − H_λ is
 * a DomainError where H is not known or the distribution is not.
 */
export interface Phase {
  /** direction += weight · ⟨s⟩ */
  addStatistics(weight: number, direction: Direction): void;
  /** ⟨D⟩ and Var D. */
  mismatch(): Mismatch;
  /** direction += weight · Cov(D, s). After `addStatistics` of the same phase only if that is not needed any more. */
  addCovariance(weight: number, direction: Direction): void;
}

/** The two distributions that every objective is made of. */
export interface Phases {
  /** P, the data. */
  readonly data: Phase;
  /** P_λ, the model. */
  readonly model: Phase;
  /** ln Z_λ, nats, if the estimator knows it exactly; else null. */
  readonly logPartition: () => number | null;
}

/** Estimates the two phases for one batch after another; may keep chains between batches. */
export interface Estimator {
  /** Samples of the model itself, if the estimator has any (persistent chains; not the reconstructions of cd). */
  readonly modelSamples: BitMatrix | null;
  /** What is kept between batches. */
  readonly state: StateArrays;
  /** `key` names this step alone; `hamiltonians` is H of every row of the batch, where it is known. */
  phases(batch: BitMatrix, key: SeedKey, hamiltonians?: Float64Array): Phases;
}

/**
 * The exact data distribution, where it can be enumerated: P(v) of all 2^n visible states; bit i of the index is set if
 * v_i is in its upper state.
 */
export type TargetDistribution = Float64Array;

export interface EstimatorSetup {
  readonly layer: LayerArrays;
  readonly kernels: Kernels;
  /** Where buffers that live as long as the estimator are allocated. */
  readonly arena: Arena;
  /** Largest number of rows a batch will have. */
  readonly batchSize: number;
  /** Gibbs steps per update: k of CD-k and PCD-k. */
  readonly steps: number;
  /** Persistent chains of PCD. */
  readonly chains: number;
  /** Names the start of persistent chains. */
  readonly key: SeedKey;
  /** If given, the data phase is this distribution's exact average instead of the batch's. */
  readonly target: TargetDistribution | null;
  /** H of any configurations, if it is known and the objective needs it. */
  readonly hamiltonianOf: HamiltonianOf | null;
}

export type EstimatorFactory = (setup: EstimatorSetup) => Estimator;
