import type { IsingCouplings, LatticeKernels, LatticeState } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";

/** One Markov-chain algorithm: how to advance every chain by one step. */
export interface Sampler {
  /** Its name in the table `samplers`. */
  readonly name: string;
  /** What one step is; thermalisation and spacing are counted in steps. */
  readonly stepUnit: "sweep" | "cluster";
  /** Cluster algorithms need B = 0: their clusters rest on the symmetry v → −v. */
  readonly allowsField: boolean;
  /** Whether the chain is aperiodic at K = B = 0, where a step that always flips would only alternate. */
  readonly freeAtZeroCoupling: boolean;
  /**
   * Advance every chain by one step.
   *
   * @param kernels do the step
   * @param state the chains, whose spins are changed
   * @param couplings K and B
   * @param key names this step alone
   * @param volumes the number of spins touched is added, an entry a chain: work that is comparable between algorithms
   */
  advance(
    kernels: LatticeKernels,
    state: LatticeState,
    couplings: IsingCouplings,
    key: SeedKey,
    volumes: Float64Array,
  ): void;
}
