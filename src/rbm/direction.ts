import type { Arena, CorrelationTerm, Kernels, LayerArrays, UnitType } from "../kernels/index.js";

/**
 * A direction in parameter space, shaped like the parameters: multiples of the sufficient statistics ⟨v hᵀ⟩, ⟨v⟩,
 * ⟨h⟩ = −⟨∇_λ H_λ⟩, which estimators add and the optimiser follows. The W part is a dense matrix plus correlation
 * terms that are kept as factors, so that a descent step can multiply them out on the way to the weights.
 */
export class Direction {
  readonly visibleBias: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly #weights: Float32Array;
  readonly #terms: CorrelationTerm[] = [];
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
    this.visibleBias.fill(0);
    this.hiddenBias.fill(0);
  }

  /** direction += the term; its arrays must stay as they are until the direction is cleared. */
  addTerm(term: CorrelationTerm): void {
    this.#terms.push(term);
    if (this.biases) this.kernels.rbm.addMeans(this.units, term, this.visibleBias, this.hiddenBias);
  }

  /** The W part as terms alone, or null if it has a dense part. */
  get terms(): readonly CorrelationTerm[] | null {
    return this.#dense ? null : this.#terms;
  }

  /** The W part multiplied out, visible × hidden, row-major; may be changed in place. */
  get weights(): Float32Array {
    this.#dense = true;
    if (this.#terms.length > 0) {
      this.kernels.rbm.addCorrelations(this.units, this.#terms, this.layer.hidden, this.#weights);
      this.#terms.length = 0;
    }
    return this.#weights;
  }
}

/**
 * Offsets of the centred gradient: μ, the data mean of the visible units, and ν, the hidden means at v = μ. They may
 * change from step to step: any offsets leave the fixed points alone.
 */
export interface Offsets {
  readonly visible: Float64Array;
  readonly hidden: Float64Array;
}

/**
 * Turn the plain likelihood gradient into the centred one (Montavon & Müller 2012; Melchior, Fischer & Wiskott 2016):
 * ΔW' = ΔW − μ Δbᵀ − Δc νᵀ, Δc' = Δc − ΔW' ν, Δb' = Δb − ΔW'ᵀ μ. Same fixed points, better conditioned with biases.
 */
export function centerDirection(direction: Direction, offsets: Offsets): void {
  const { weights, visibleBias, hiddenBias } = direction;
  const { visible: mu, hidden: nu } = offsets;
  const hidden = nu.length;
  const hiddenChange = new Float64Array(hidden);
  for (let i = 0; i < mu.length; i++) {
    let visibleChange = 0;
    for (let j = 0; j < hidden; j++) {
      const centered = weights[i * hidden + j] - mu[i] * hiddenBias[j] - visibleBias[i] * nu[j];
      weights[i * hidden + j] = centered;
      visibleChange += centered * nu[j];
      hiddenChange[j] += centered * mu[i];
    }
    visibleBias[i] -= visibleChange;
  }
  for (let j = 0; j < hidden; j++) hiddenBias[j] -= hiddenChange[j];
}
