import type { IsingModel } from "../../ising/model.js";
import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import type { Pause } from "./annealing.js";

/** How much work goes into annealing; `auto` is chosen from the size of the layer and a pilot run. */
export interface AnnealingOptions {
  /** Chains in each direction. */
  readonly chains: number | "auto";
  /** Steps of the path. */
  readonly steps: number | "auto";
}

export const automaticAnnealing: AnnealingOptions = { chains: "auto", steps: "auto" };

/** The Ising model behind the data, of which bennett needs H and ln Z. */
export interface KnownEnsemble {
  readonly model: IsingModel;
  readonly logPartition: number;
  /** One standard deviation of logPartition. */
  readonly error: number;
}

/** A layer whose ln Z_λ is wanted, and what is known besides. */
export interface LogPartitionProblem {
  readonly layer: LayerArrays;
  /**
   * Configurations of the visible units, as the layer was trained on: their means make the start of annealing, chains
   * from them look for modes that annealing misses, and they cannot carry more than probability 1. Null: there are none.
   */
  readonly data: BitMatrix | null;
  /** The model that `data` are samples of; null if it is not known. */
  readonly target: KnownEnsemble | null;
  readonly options: AnnealingOptions;
  readonly kernels: Kernels;
  /** Names this estimate alone. */
  readonly key: SeedKey;
  readonly pause: Pause;
}
