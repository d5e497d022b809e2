/** How many directions of parameter space a Fisher matrix F resolves. */
export interface EffectiveDimension {
  /** Tr F. */
  readonly trace: number;
  /** (Tr F)²/Tr F² of the spectrum as it is; it cannot exceed the number of samples. */
  readonly plugIn: number;
  /** (Tr F)² over an unbiased estimate of Tr F²; NaN where that is not above zero. For exact spectra the same number. */
  readonly unbiased: number;
}

/** D = (Tr F)²/Tr F² of an exact spectrum. */
export function exactEffectiveDimension(eigenvalues: Float64Array): EffectiveDimension {
  const trace = eigenvalues.reduce((sum, value) => sum + value, 0);
  const dimension = (trace * trace) / eigenvalues.reduce((sum, value) => sum + value * value, 0);
  return { trace, plugIn: dimension, unbiased: dimension };
}

/**
 * D from the Gram matrix K/S of S independent samples (1/S inside, as `fisherGram` gives it). Tr F̂² of a sample exceeds
 * Tr F² by about (Tr F)²/S; the unbiased estimate of it is (Himeno & Yamada, J. Multivar. Anal. 130, 27 (2014))
 *   (S−1)/(S(S−2)(S−3)) · [(S−1)(S−2) Tr F̂² + (Tr F̂)² − S Q],
 * F̂ with 1/(S−1) in front, Q = Σ_s |g_s − ⟨g⟩|⁴/(S−1). Needs four samples.
 */
export function sampledEffectiveDimension(gram: Float64Array, samples: number): EffectiveDimension {
  const scale = samples / (samples - 1);
  let [trace, squares, fourths] = [0, 0, 0];
  for (let s = 0; s < samples; s++) {
    const own = gram[s * samples + s] * scale;
    trace += own;
    fourths += own * own * (samples - 1);
    for (let r = 0; r < samples; r++) squares += (gram[s * samples + r] * scale) ** 2;
  }
  const factor = (samples - 1) / (samples * (samples - 2) * (samples - 3));
  const unbiased = factor * ((samples - 1) * (samples - 2) * squares + trace * trace - samples * fourths);
  return {
    trace,
    plugIn: (trace * trace) / squares,
    unbiased: unbiased > 0 ? (trace * trace) / unbiased : NaN,
  };
}
