import { leastSquares } from "../../statistics/index.js";

/** A squared norm of all parameters above this is not on its way to zero. */
export const GROWN = 1e-6;

/** Couplings just above the transition that are extrapolated from. */
const FIT_POINTS = 6;

/** The coefficients of the curve. */
const COEFFICIENTS = 3;

/** What training at one coupling has ended with. */
export interface NormAtCoupling {
  readonly coupling: number;
  /** ‖λ‖² */
  readonly squaredNorm: number;
}

/** Where λ begins to grow, found without knowing where it should. */
export interface Transition {
  /** Where ‖λ‖² extrapolates to zero. */
  readonly coupling: number;
  /** One standard deviation, from the scatter about the fitted curve. */
  readonly error: number;
  /** The neighbouring couplings between which it must lie. */
  readonly lastCollapsed: number;
  readonly firstGrown: number;
}

/**
 * ‖λ‖² = a(K − K_c) + O((K − K_c)²) above K_c and 0 below: the zero of the parabola through ‖λ‖² at the 6 couplings next above
 * the last one that has collapsed. Null where nothing collapses, fewer than 4 grow above that, or the curve has no zero
 * in reach.
 */
export function locateTransition(points: readonly NormAtCoupling[]): Transition | null {
  const ordered = [...points].sort((a, b) => a.coupling - b.coupling);
  const last = ordered.findLastIndex(({ squaredNorm }) => squaredNorm <= GROWN);
  const grown = ordered.slice(last + 1, last + 1 + FIT_POINTS);
  if (last < 0 || grown.length <= COEFFICIENTS) return null;
  const firstGrown = grown[0].coupling;
  const distances = grown.map(({ coupling }) => coupling - firstGrown);
  const { coefficients, covariance } = leastSquares(
    [distances.map(() => 1), distances, distances.map((x) => x * x)],
    grown.map(({ squaredNorm }) => squaredNorm),
  );
  const [height, slope, bend] = coefficients;
  const discriminant = slope * slope - 4 * height * bend;
  if (!(slope > 0 && discriminant >= 0)) return null;
  const zero = (-2 * height) / (slope + Math.sqrt(discriminant));
  return {
    coupling: firstGrown + zero,
    error: Math.sqrt(varianceAt(zero, covariance)) / (slope + 2 * bend * zero),
    lastCollapsed: ordered[last].coupling,
    firstGrown,
  };
}

/** The variance of the fitted curve at x. */
function varianceAt(x: number, covariance: Float64Array): number {
  const powers = [1, x, x * x];
  const total = covariance.reduce(
    (sum, value, index) =>
      sum + value * powers[Math.floor(index / COEFFICIENTS)] * powers[index % COEFFICIENTS],
    0,
  );
  return Math.max(0, total);
}
