import { DataError, DomainError } from "../errors/index.js";

/** Sum of finite values with Neumaier's compensation: the error does not grow with the number of terms. */
export function compensatedSum(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Arithmetic mean Σ x_i / n. DataError when there is no value. */
export function mean(values: ArrayLike<number>): number {
  requireCount(values, 1, "a mean");
  return compensatedSum(values) / values.length;
}

/**
 * Unbiased variance Σ (x_i − x̄)² / (n − 1) of independent values, in two passes; (Σ (x_i − x̄))² / n takes out what the
 * rounding of x̄ leaves behind. DataError below two values.
 */
export function variance(values: ArrayLike<number>): number {
  requireCount(values, 2, "a variance");
  const center = mean(values);
  const deviations = Float64Array.from(values, (value) => value - center);
  const drift = compensatedSum(deviations);
  const squares = compensatedSum(deviations.map((deviation) => deviation * deviation));
  return Math.max(0, squares - (drift * drift) / values.length) / (values.length - 1);
}

/**
 * The p-quantile, 0 ≤ p ≤ 1, interpolated linearly between order statistics: position (n − 1)p in the sorted values
 * (Hyndman & Fan 1996, definition 7). DataError when there is no value, DomainError for p outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), p);
}

/** As `quantile`, for values already in ascending order; they are neither copied nor sorted. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  requireCount(sorted, 1, "a quantile");
  if (!(p >= 0 && p <= 1)) {
    throw new DomainError(`quantile at p = ${p}: a probability between 0 and 1 is needed.`);
  }
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  const share = position - below;
  return share === 0 ? sorted[below] : (1 - share) * sorted[below] + share * sorted[above];
}

/** The median, that is `quantile(values, 0.5)`. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

function requireCount(values: ArrayLike<number>, least: number, purpose: string): void {
  if (values.length < least) {
    throw new DataError(`${purpose} of ${values.length} value(s): at least ${least} needed.`);
  }
}
