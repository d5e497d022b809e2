import { power } from "../kernels/elementary.js";
import { compensatedSum } from "./moments.js";
import { type Series, seriesMean, seriesShape } from "./series.js";

/** Standard normal score above which two variance estimates are called different (one-sided p = 3e-5). */
const DISAGREEMENT = 4;

/**
 * Variance of the common mean from the chain means alone, Σ_c (x̄_c − x̄)² / (C(C − 1)), with C − 1 degrees of freedom:
 * unbiased for independent chains whatever the correlations inside them. Needs two chains or more.
 */
export function betweenChainVariance(series: Series): number {
  const { chains, length } = seriesShape(series);
  const center = seriesMean(series);
  const squares = series.map((chain) => (compensatedSum(chain) / length - center) ** 2);
  return compensatedSum(squares) / (chains * (chains - 1));
}

/**
 * Whether `variance` (with ν degrees of freedom) is larger than `reference` (ν_ref) by more than chance allows: Paulson's
 * normal score of the ratio F = variance/reference,
 *   z = [(1 − 2/9ν_ref) F^{1/3} − (1 − 2/9ν)] / √(2 F^{2/3}/9ν_ref + 2/9ν)   (Ann. Math. Stat. 13, 233 (1942)),
 * above 4.
 */
export function exceeds(
  variance: number,
  degreesOfFreedom: number,
  reference: number,
  referenceDegrees: number,
): boolean {
  if (!(variance > reference)) return false;
  if (reference === 0) return true;
  const root = power(variance / reference, 1 / 3);
  const spread = 2 / (9 * degreesOfFreedom);
  const referenceSpread = 2 / (9 * referenceDegrees);
  const score =
    ((1 - referenceSpread) * root - (1 - spread)) / Math.sqrt(referenceSpread * root * root + spread);
  return score > DISAGREEMENT;
}
