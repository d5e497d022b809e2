import type { Arena, BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import type { Direction } from "../direction.js";
import type { StateArrays } from "../layer-state.js";

/**
 * The two averages every objective is made of, at the current parameters and for the current batch. Both add a multiple
 * of the sufficient statistics (⟨v hᵀ⟩, ⟨v⟩, ⟨h⟩) = −⟨∇_λ H_λ⟩ to `direction`.
 */
export interface Phases {
  /** direction += weight · ⟨…⟩_P, P the data. */
  addData(weight: number, direction: Direction): void;
  /** direction += weight · ⟨…⟩_λ, the model, as far as this estimator knows it. */
  addModel(weight: number, direction: Direction): void;
}

/** Estimates the two phases for one batch after another; may keep chains between batches. */
export interface Estimator {
  /** Samples of the model itself, if the estimator has any (persistent chains; not the reconstructions of cd). */
  readonly modelSamples: BitMatrix | null;
  /** What is kept between batches. */
  readonly state: StateArrays;
  /** `key` names this step alone. */
  phases(batch: BitMatrix, key: SeedKey): Phases;
}

/** The exact data distribution, where it can be enumerated: P(v) for every visible state, indexed as in ensemble.ts. */
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
}

export type EstimatorFactory = (setup: EstimatorSetup) => Estimator;
