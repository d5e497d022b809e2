/** What is taken where nothing is asked for; `temperatures` 0 < T ≤ ∞ in J/k_B, from hot to cold. */
export const defaultFlow = {
  temperatures: [Infinity, 5, 3.5, 3, 2.6, 2.4, 2.27, 2.15, 2, 1.8, 1.5],
  samples: 1024,
  steps: 10,
  referenceSamples: 2048,
} as const;

/** Fewer configurations of a temperature leave no error bars. */
export const LEAST_FLOW_SAMPLES = 64;
