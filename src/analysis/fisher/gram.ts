import { addGram, matrixRows, mirrorLower } from "../../statistics/matrix-product.js";
import type { FisherStates } from "./states.js";

/** Sizes of an RBM and whether its biases count as parameters. */
export interface FisherParameters {
  /** n */
  readonly visible: number;
  /** m */
  readonly hidden: number;
  /** Whether c and b are parameters; else only W is. */
  readonly bias: boolean;
}

/** n m weights, and n + m biases if they count. */
export function parameterCount({ visible, hidden, bias }: FisherParameters): number {
  return visible * hidden + (bias ? visible + hidden : 0);
}

/**
 * The Gram matrix whose non-zero eigenvalues are those of the Fisher matrix F = ⟨g gᵀ⟩ − ⟨g⟩⟨g⟩ᵀ, g = (v tᵀ, v, t), without
 * F or g ever being built. With states s of probability p_s (1/S for samples), G the matrix of rows g_s and
 * Ḡ = G − 1⟨g⟩ᵀ it is √p Ḡ Ḡᵀ √p, where
 *   (G Gᵀ)_ss' = (v_s·v_s')(t_s·t_s') + v_s·v_s' + t_s·t_s'   (the last two terms for the biases),
 * centred on both sides by subtracting p-weighted means of rows and columns. Cost S²(n + m) operations, memory two S × S.
 */
export function fisherGram(states: FisherStates, parameters: FisherParameters): Float64Array {
  const { count } = states;
  const gram = scalarProducts(states.visible, parameters.visible, count);
  const hidden = scalarProducts(states.hidden, parameters.hidden, count);
  for (let k = 0; k < gram.length; k++) {
    const [v, t] = [gram[k], hidden[k]];
    gram[k] = parameters.bias ? v * t + v + t : v * t;
  }
  center(gram, states);
  return gram;
}

function scalarProducts(rows: Float64Array, columns: number, count: number): Float64Array {
  const out = new Float64Array(count * count);
  addGram(matrixRows(rows, columns), columns, matrixRows(out, count));
  mirrorLower(out, count);
  return out;
}

/** K_ss' ← √(p_s p_s') (K_ss' − k_s − k_s' + k), k_s = Σ_r p_r K_sr, k = Σ_s p_s k_s. */
function center(gram: Float64Array, { count, probabilities }: FisherStates): void {
  const weight = (s: number): number => probabilities?.[s] ?? 1 / count;
  const means = Float64Array.from({ length: count }, (_, s) => {
    let sum = 0;
    for (let r = 0; r < count; r++) sum += weight(r) * gram[s * count + r];
    return sum;
  });
  const mean = means.reduce((sum, value, s) => sum + weight(s) * value, 0);
  const roots = Float64Array.from({ length: count }, (_, s) => Math.sqrt(weight(s)));
  for (let s = 0; s < count; s++) {
    for (let r = 0; r < count; r++) {
      const value = gram[s * count + r] - means[s] - means[r] + mean;
      gram[s * count + r] = roots[s] * roots[r] * value;
    }
  }
}
