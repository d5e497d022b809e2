import {
  addOuterProduct,
  type Arena,
  type CorrelationTerm,
  type Kernels,
  type LayerArrays,
  type OuterProduct,
  type SufficientStatistics,
  type UnitType,
} from "../kernels/index.js";

/** The W part of a direction as factors: Σ_terms scale Σ_s v_s p_sᵀ + Σ v hᵀ. */
export interface DirectionFactors {
  readonly terms: readonly CorrelationTerm[];
  readonly outerProducts: readonly OuterProduct[];
}

/**
 * A direction in parameter space, shaped like the parameters: multiples of the sufficient statistics ⟨v hᵀ⟩, ⟨v⟩,
 * ⟨h⟩ = −⟨∇_λ H_λ⟩, which estimators add and the optimiser follows. The W part is a dense matrix plus correlation
 * terms and outer products that are kept as factors, so that a descent step can multiply them out on the way to the
 * weights.
 */
export class Direction {
  readonly visibleBias: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly #weights: Float32Array;
  readonly #terms: CorrelationTerm[] = [];
  readonly #outerProducts: OuterProduct[] = [];
  #dense = false;

  /** With `biases` false the bias parts are left at zero. */
  constructor(
    private readonly layer: LayerArrays,
    private readonly kernels: Kernels,
    arena: Arena,
    private readonly biases: boolean,
  ) {
    this.#weights = arena.float32(layer.weights.length);
    this.visibleBias = arena.float32(layer.visible);
    this.hiddenBias = arena.float32(layer.hidden);
  }

  get units(): UnitType {
    return this.layer.units;
  }

  clear(): void {
    if (this.#dense) this.#weights.fill(0);
    this.#dense = false;
    this.#terms.length = 0;
    this.#outerProducts.length = 0;
    this.visibleBias.fill(0);
    this.hiddenBias.fill(0);
  }

  /** direction += the term; its arrays must stay as they are until the direction is cleared. */
  addTerm(term: CorrelationTerm): void {
    this.#terms.push(term);
    if (this.biases) this.kernels.rbm.addMeans(this.units, term, this.visibleBias, this.hiddenBias);
  }

  /**
   * direction += scale · Σ_s a_s (v_s p_sᵀ, v_s, p_s) with a weight a_s for every row. Multiplied out at once; the term's
   * means are overwritten with a_s p_s.
   */
  addWeightedTerm(term: CorrelationTerm, rowWeights: Float32Array): void {
    const { weights } = this; // multiplies out what is pending, which may rest on the same means
    const { visible, hiddenMeans, scale } = term;
    const { hidden } = this.layer;
    for (let row = 0; row < visible.rows; row++) {
      for (let j = 0; j < hidden; j++) hiddenMeans[row * hidden + j] *= rowWeights[row];
    }
    const { rbm } = this.kernels;
    rbm.addCorrelations(this.units, [term], hidden, weights);
    if (!this.biases) return;
    rbm.addMeans(this.units, term, new Float32Array(this.visibleBias.length), this.hiddenBias);
    rbm.addCorrelations(this.units, [{ visible, hiddenMeans: rowWeights, scale }], 1, this.visibleBias);
  }

  /** direction += weight · statistics. */
  addDense(statistics: SufficientStatistics, weight: number): void {
    const parts = this.biases ? (["weights", "visibleBias", "hiddenBias"] as const) : (["weights"] as const);
    for (const name of parts) {
      const out = this[name];
      const source = statistics[name];
      for (let k = 0; k < out.length; k++) out[k] += weight * source[k];
    }
  }

  /** direction *= factor; factors stay factors. */
  scale(factor: number): void {
    this.#terms.forEach((term, index) => (this.#terms[index] = { ...term, scale: factor * term.scale }));
    this.#outerProducts.forEach(({ visible, hidden }, index) => {
      this.#outerProducts[index] = { visible, hidden: hidden.map((h) => factor * h) };
    });
    const dense = this.#dense ? [this.#weights] : [];
    for (const array of [...dense, this.visibleBias, this.hiddenBias]) {
      for (let k = 0; k < array.length; k++) array[k] *= factor;
    }
  }

  /** Σ over all parts of the squared components. Multiplied out at once. */
  squaredNorm(): number {
    let total = 0;
    for (const array of [this.weights, this.visibleBias, this.hiddenBias]) {
      for (let k = 0; k < array.length; k++) total += array[k] * array[k];
    }
    return total;
  }

  /** W part += visible · hiddenᵀ. */
  addOuterProduct(visible: Float32Array, hidden: Float32Array): void {
    this.#outerProducts.push({ visible, hidden });
  }

  /** The W part as factors alone, or null if it has a dense part. */
  get factors(): DirectionFactors | null {
    return this.#dense ? null : { terms: this.#terms, outerProducts: this.#outerProducts };
  }

  /** The W part multiplied out, visible × hidden, row-major; may be changed in place. */
  get weights(): Float32Array {
    this.#dense = true;
    if (this.#terms.length > 0) {
      this.kernels.rbm.addCorrelations(this.units, this.#terms, this.layer.hidden, this.#weights);
      this.#terms.length = 0;
    }
    for (const outer of this.#outerProducts.splice(0)) addOuterProduct(outer, this.#weights);
    return this.#weights;
  }
}
