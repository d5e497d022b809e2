import type { SeedKey } from "../../random/index.js";
import { logMeanExp } from "../../statistics/index.js";
import type { StateArrays } from "../layer-state.js";
import {
  effectiveSamples,
  logMeanError,
  normalizedWeights,
  relativeVariance,
  resample,
} from "./log-weights.js";

/**
 * The weights of a set of chains that follow a changing distribution f (sequential Monte Carlo: Neal 2001, with the
 * resampling of Del Moral, Doucet & Jasra, J. R. Stat. Soc. B 68, 411 (2006)). Whenever f changes, each chain's weight is
 * multiplied by f_new(v)/f_old(v); when the weights have become too unequal, chains are drawn anew in proportion to
 * them. ⟨e^gain⟩ is the ratio of the sums Σ_v f now and at the start, whatever the chains do in between that leaves f as it is.
 */
export class Population {
  /** ln of the weights since the chains were last drawn anew. */
  readonly #logWeights: Float64Array;
  /** The number of the first ancestor of each chain. */
  readonly #families: Uint32Array;
  /** What the weights up to the last drawing have added to the gain. */
  readonly #settled = new Float64Array(1);

  /**
   * `threshold`: the share of effective chains below which they are drawn anew; 0 for never. `families`: the number of
   * an ancestor of each chain, if not all are independent.
   */
  constructor(
    readonly size: number,
    private readonly threshold: number,
    families?: Uint32Array,
  ) {
    this.#logWeights = new Float64Array(size);
    this.#families = new Uint32Array(size);
    this.restart(families);
  }

  /** ln of the ratio of partition functions, now to start. */
  get gain(): number {
    return this.#settled[0] + logMeanExp(this.#logWeights);
  }

  /** One standard deviation of `gain`. */
  get error(): number {
    return logMeanError(this.#logWeights, this.#families);
  }

  /** So many chains that never had an ancestor in common would know the gain as well. */
  get effectiveFamilies(): number {
    const variance = relativeVariance(normalizedWeights(this.#logWeights), this.#families);
    return 1 / (variance + 1 / this.size);
  }

  get families(): Uint32Array {
    return this.#families;
  }

  /** What is kept, for checkpoints. */
  get state(): StateArrays {
    return { logWeights: this.#logWeights, families: this.#families, settled: this.#settled };
  }

  /** Equal weights, gain 0, every chain its own family unless they are given. */
  restart(families?: Uint32Array): void {
    this.#logWeights.fill(0);
    this.#settled.fill(0);
    for (let row = 0; row < this.size; row++) this.#families[row] = families?.[row] ?? row;
  }

  /** Multiply the weight of chain i by e^{increments[i]}. */
  multiply(increments: ArrayLike<number>): void {
    for (let row = 0; row < this.size; row++) this.#logWeights[row] += increments[row];
  }

  /** The numbers of as many chains, drawn in proportion to their weights; nothing changes. `key` names this call alone. */
  draw(key: SeedKey): Uint32Array {
    return resample(this.#logWeights, key);
  }

  /** Draw the chains anew if their weights are too unequal; see `renew`. */
  renewIfUnequal(key: SeedKey): Uint32Array | null {
    return effectiveSamples(this.#logWeights) < this.threshold * this.size ? this.renew(key) : null;
  }

  /**
   * Draw the chains anew in proportion to their weights, which become equal. Returns the number of the parent of each, by
   * which the caller reorders all it keeps of the chains. `key` names this call alone.
   */
  renew(key: SeedKey): Uint32Array {
    const order = this.draw(key);
    this.#settled[0] = this.gain;
    this.#logWeights.fill(0);
    this.#families.set(Array.from(order, (parent) => this.#families[parent]));
    return order;
  }
}
