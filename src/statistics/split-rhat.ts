import { DataError } from "../errors/index.js";
import { mean, variance } from "./moments.js";
import { type Series, seriesShape } from "./series.js";

/**
 * Split-R̂, the potential scale reduction of Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), eqs. 11.1–11.4. Each
 * chain is cut into halves (the middle sample of an odd chain is dropped), giving m sequences of l samples:
 *   B = l · Var(sequence means),  W = mean of the sequence variances,  R̂ = √{[(l − 1)W/l + B/l] / W}.
 * About 1 when the sequences agree; above 1.1 the chains are not one stationary population yet. Chains that never move
 * give 1 when all are equal, Infinity otherwise. DataError below four samples a chain.
 */
export function splitRhat(series: Series): number {
  const { length } = seriesShape(series);
  const half = Math.floor(length / 2);
  if (half < 2) {
    throw new DataError(`split-R̂ of chains of ${length} sample(s): at least 4 samples a chain are needed.`);
  }
  const halves = series.flatMap((chain) => [chain.subarray(0, half), chain.subarray(length - half)]);
  const within = mean(halves.map((sequence) => variance(sequence)));
  const betweenMeans = variance(halves.map((sequence) => mean(sequence)));
  if (within === 0) return betweenMeans === 0 ? 1 : Infinity;
  return Math.sqrt((half - 1) / half + betweenMeans / within);
}
