import { log } from "../../kernels/elementary.js";
import { leastSquares } from "../../statistics/index.js";

/** y ∝ x^slope over some points. */
export interface PowerLaw {
  readonly slope: number;
  /** Slopes of the points with the lower and the upper half of ln x; they differ where there is no power law. */
  readonly halves: readonly [lower: number, upper: number];
}

/** Fewest points that a slope, and the slopes of two halves, are worth anything with. */
const LEAST_POINTS = 6;

/**
 * Least squares of ln y on ln x, every point with the same weight (the relative errors of variances are equal). NaN with
 * fewer than LEAST_POINTS points or values that are not above 0.
 */
export function fitPowerLaw(x: ArrayLike<number>, y: ArrayLike<number>): PowerLaw {
  const points = Array.from(x, (value, k) => ({ x: log(value), y: log(y[k]) }));
  if (points.length < LEAST_POINTS || points.some((point) => !Number.isFinite(point.x + point.y))) {
    return { slope: NaN, halves: [NaN, NaN] };
  }
  const middle = (Math.min(...points.map((p) => p.x)) + Math.max(...points.map((p) => p.x))) / 2;
  return {
    slope: slopeOf(points),
    halves: [slopeOf(points.filter((p) => p.x <= middle)), slopeOf(points.filter((p) => p.x >= middle))],
  };
}

/** NaN where all points have one x. */
function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const x = points.map((point) => point.x);
  if (points.length < 2 || x.every((value) => value === x[0])) return NaN;
  const ones = x.map(() => 1);
  return leastSquares(
    [ones, x],
    points.map((point) => point.y),
  ).coefficients[1];
}
