import type { Arena, BitMatrix, Kernels, LayerArrays } from "../../../kernels/index.js";
import type { AnnealingOptions } from "../problem.js";

/** What a tracker is made for. */
export interface TrackerSetup {
  /** The layer in training; its arrays are read as they are at each call. */
  readonly layer: LayerArrays;
  /** Configurations the layer is trained on, as for LogPartitionProblem. */
  readonly data: BitMatrix | null;
  /** Chains that are tracked, and steps of the path that an anchor leads them along. */
  readonly options: AnnealingOptions;
  readonly kernels: Kernels;
  /** Where buffers that live as long as the tracker are allocated. */
  readonly arena: Arena;
}

/** Samples of the model that a tracker gives: so many, or as many as it has chains if these are more. */
export const SAMPLES = 2000;
