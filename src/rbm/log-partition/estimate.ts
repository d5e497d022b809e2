import type { SeedKey } from "../../random/index.js";
import type { StateArrays } from "../layer-state.js";
import type { ModelSamples } from "./model-samples.js";

/** What is known of ln Z_λ, in nats. */
export interface LogPartitionEstimate {
  /** ln Z_λ, nats, extensive. */
  readonly value: number;
  /** One standard deviation; 0 where the value is exact. */
  readonly error: number;
  /** Why value and error are not to be trusted, in words; null where nothing speaks against them. */
  readonly doubt: string | null;
}

/** Follows ln Z_λ of a layer while its parameters change. */
export interface LogPartitionTracker {
  /** ln Z_λ as of the last call below. */
  readonly estimate: LogPartitionEstimate;
  /** The parameters have changed by one update; `key` names this step alone. */
  advance(key: SeedKey): void;
  /** Forget the increments and estimate ln Z_λ from the start; `key` names this call alone. */
  anchor(key: SeedKey): void;
  /** About 2000 samples of the model as of the last call above, which leave everything as it is; `key` names this call alone. */
  samples(key: SeedKey): ModelSamples;
  /** What is kept between calls, for checkpoints. */
  readonly state: StateArrays;
}
