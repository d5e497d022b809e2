import { deriveKey, fillStandardNormal, seedKey } from "../../src/random/index.js";
import type { Series } from "../../src/statistics/index.js";

/**
 * Stationary AR(1) chains x_{t+1} = φ x_t + √(1 − φ²) ε, started in equilibrium: mean 0, variance 1, ρ(t) = φ^t. The
 * address (name, replica) fixes the numbers.
 */
export function autoregression(
  phi: number,
  chains: number,
  length: number,
  name: string,
  replica = 0,
): Float64Array[] {
  const noise = new Float64Array(chains * length);
  fillStandardNormal(deriveKey(seedKey(name), "analysis", replica), noise);
  return Array.from({ length: chains }, (_, c) => {
    const chain = noise.slice(c * length, (c + 1) * length);
    for (let i = 1; i < length; i++) chain[i] = phi * chain[i - 1] + Math.sqrt(1 - phi * phi) * chain[i];
    return chain;
  });
}

/** τ_int = (1 + φ)/(2(1 − φ)). */
export function exactTau(phi: number): number {
  return (1 + phi) / (2 * (1 - phi));
}

/** Exact variance of the mean over finite chains: [1 + 2 Σ_{t<L} (1 − t/L) φ^t] / (CL). */
export function exactMeanVariance(phi: number, chains: number, length: number): number {
  let sum = 1;
  for (let t = 1; t < length; t++) sum += 2 * (1 - t / length) * phi ** t;
  return sum / (chains * length);
}

export function mapSeries(series: Series, f: (value: number) => number): Float64Array[] {
  return series.map((chain) => chain.map(f));
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
