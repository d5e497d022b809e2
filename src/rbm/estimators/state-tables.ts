import { bitMatrix, stateCount } from "../../kernels/index.js";
import { compensatedSum } from "../../statistics/index.js";
import type { Direction } from "../direction.js";
import type { SufficientStatistics } from "../ensemble.js";
import type { EstimatorSetup, Mismatch, Phase } from "./estimator.js";
import { unknownHamiltonian } from "./rows-phase.js";

/** A distribution over all visible states: P, the target, or P_λ, the model. */
export type Distribution = "data" | "model";

/**
 * Tables over all 2^n visible states, in double precision: P, H, and H_λ and P_λ at the parameters of the last `refresh`,
 * each made when it is first asked for. `served` names the distributions whose statistics will be asked for: they share
 * the cost of ⟨h⟩ given v.
 */
export class StateTables {
  readonly #target: Float64Array;
  readonly #effective: Float64Array;
  readonly #probabilities: Float64Array;
  readonly #weights: Float64Array;
  #hamiltonians: Float64Array | null = null;
  #hasEffective = false;
  #model: { readonly probabilities: Float64Array; readonly logPartition: number } | null = null;
  #statistics: readonly SufficientStatistics[] | null = null;

  constructor(
    private readonly setup: EstimatorSetup,
    private readonly served: readonly Distribution[],
  ) {
    const { layer, arena, target } = setup;
    const states = stateCount(layer.visible);
    this.#target = arena.float64(target === null ? 0 : states);
    if (target !== null) this.#target.set(target);
    this.#effective = arena.float64(states);
    this.#probabilities = arena.float64(states);
    this.#weights = arena.float64(setup.hamiltonianOf === null ? 0 : states);
  }

  /** The parameters have changed. */
  refresh(): void {
    this.#hasEffective = false;
    this.#model = null;
    this.#statistics = null;
  }

  /** ln Z_λ, nats. */
  get logPartition(): number {
    return this.#solvedModel().logPartition;
  }

  /** Averages over one of the distributions; they are at the parameters of the last `refresh`. */
  phase(distribution: Distribution): Phase {
    return {
      addStatistics: (weight, direction) => {
        this.#statistics ??= this.#statisticsOf(this.served.map((served) => this.#table(served)));
        direction.addDense(this.#statistics[this.served.indexOf(distribution)], weight);
      },
      mismatch: () => this.#mismatch(distribution),
      addCovariance: (weight, direction) => {
        this.#addCovariance(distribution, weight, direction);
      },
    };
  }

  /** Cov(D, s) = Σ_v q(v) (D(v) − ⟨D⟩) s(v). */
  #addCovariance(distribution: Distribution, weight: number, direction: Direction): void {
    const { mean } = this.#mismatch(distribution);
    const [q, own, hamiltonians, weights] = [
      this.#table(distribution),
      this.#ownTable(),
      this.#targetHamiltonians(),
      this.#weights,
    ];
    for (let state = 0; state < q.length; state++) {
      weights[state] = q[state] * (hamiltonians[state] - own[state] - mean);
    }
    direction.addDense(this.#statisticsOf([weights])[0], weight);
  }

  #mismatch(distribution: Distribution): Mismatch {
    const [q, own, hamiltonians, weights] = [
      this.#table(distribution),
      this.#ownTable(),
      this.#targetHamiltonians(),
      this.#weights,
    ];
    for (let state = 0; state < q.length; state++) {
      weights[state] = q[state] * (hamiltonians[state] - own[state]);
    }
    const mean = compensatedSum(weights);
    for (let state = 0; state < q.length; state++) {
      const deviation = hamiltonians[state] - own[state] - mean;
      weights[state] = q[state] * deviation * deviation;
    }
    return { mean, variance: compensatedSum(weights) };
  }

  #statisticsOf(tables: readonly Float64Array[]): readonly SufficientStatistics[] {
    return this.setup.kernels.enumeration.statistics(this.setup.layer, tables);
  }

  /** P(v) or P_λ(v). */
  #table(distribution: Distribution): Float64Array {
    return distribution === "data" ? this.#target : this.#solvedModel().probabilities;
  }

  #solvedModel(): { readonly probabilities: Float64Array; readonly logPartition: number } {
    if (this.#model !== null) return this.#model;
    const probabilities = this.#probabilities;
    const logPartition = this.setup.kernels.enumeration.distribution(this.#ownTable(), probabilities);
    this.#model = { probabilities, logPartition };
    return this.#model;
  }

  /** H_λ(v). */
  #ownTable(): Float64Array {
    if (!this.#hasEffective) this.setup.kernels.enumeration.hamiltonians(this.setup.layer, this.#effective);
    this.#hasEffective = true;
    return this.#effective;
  }

  /** H(v), which never changes. */
  #targetHamiltonians(): Float64Array {
    const { hamiltonianOf, layer } = this.setup;
    if (hamiltonianOf === null) throw unknownHamiltonian();
    if (this.#hamiltonians === null) {
      const states = bitMatrix(stateCount(layer.visible), layer.visible);
      for (let state = 0; state < states.rows; state++) states.words[state] = state;
      this.#hamiltonians = hamiltonianOf(states);
    }
    return this.#hamiltonians;
  }
}
