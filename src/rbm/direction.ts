import type { LayerArrays } from "../kernels/index.js";

/**
 * A direction in parameter space, shaped like the parameters. Estimators add multiples of the sufficient statistics
 * ⟨v hᵀ⟩, ⟨v⟩, ⟨h⟩ = −⟨∇_λ H_λ⟩ to it; the optimiser follows it.
 */
export interface Direction {
  /** Visible × hidden, row-major. */
  readonly weights: Float32Array;
  readonly visibleBias: Float32Array;
  readonly hiddenBias: Float32Array;
}

/** The zero direction for a layer. */
export function zeroDirection(layer: LayerArrays, allocate: (length: number) => Float32Array): Direction {
  return {
    weights: allocate(layer.weights.length),
    visibleBias: allocate(layer.visible),
    hiddenBias: allocate(layer.hidden),
  };
}

export function clearDirection(direction: Direction): void {
  direction.weights.fill(0);
  direction.visibleBias.fill(0);
  direction.hiddenBias.fill(0);
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
