import { leastSquares } from "../../statistics/index.js";
import type { Measured } from "../thermometers/index.js";
import type { CouplingChange } from "./trajectory.js";

/** A change counts if it is this many standard deviations. */
const SIGNIFICANT = 3;

/** A coupling that a flow leaves as it is. */
export interface FixedPoint {
  /** K*; the error counts that of the changes, and what a straight line between the starts may miss. */
  readonly coupling: Measured;
  /** Starts between which the change turns its sign for certain. */
  readonly between: readonly [number, number];
  /** Stable: couplings below grow and couplings above shrink. Unstable as the critical point of a renormalization group. */
  readonly stable: boolean;
}

/** Where changes vanish, and what they are at the ends. */
export interface FlowDirections {
  /** Zeros of the change between two starts, by K ascending. */
  readonly fixedPoints: readonly FixedPoint[];
  /** Starts whose coupling grows, by more than 3 standard deviations. */
  readonly growing: number;
  /** Starts whose coupling shrinks, by more than 3 standard deviations. */
  readonly shrinking: number;
  /** Starts whose coupling changes by less. */
  readonly unchanged: number;
  /** 1, −1 or 0 as the coupling of the coldest start grows, shrinks or does neither. */
  readonly coldest: number;
  /** The same of the hottest start but T = ∞. */
  readonly hottest: number;
}

/** Find the sign changes of K_end − K_start among the starts, and where between two of them the zero is. */
export function findFixedPoints(changes: readonly CouplingChange[]): FlowDirections {
  const sorted = changes.toSorted((a, b) => a.start - b.start);
  const signs = sorted.map(({ change: { value, error } }) =>
    Math.abs(value) > SIGNIFICANT * error ? Math.sign(value) : 0,
  );
  const fixedPoints: FixedPoint[] = [];
  let last = -1;
  signs.forEach((sign, index) => {
    if (sign === 0) return;
    if (last >= 0 && signs[last] !== sign) fixedPoints.push(crossing(sorted, last, index));
    last = index;
  });
  const count = (wanted: number): number => signs.filter((sign) => sign === wanted).length;
  const hottest = signs.find((_, index) => sorted[index].start > 0) ?? 0;
  const coldest = signs.at(-1) ?? 0;
  return { fixedPoints, growing: count(1), shrinking: count(-1), unchanged: count(0), coldest, hottest };
}

/** The zero between two starts whose changes have opposite signs; those between them, if any, have none. */
function crossing(sorted: readonly CouplingChange[], low: number, high: number): FixedPoint {
  const inner = sorted.slice(low, high + 1);
  const between = [inner[0].start, inner.at(-1)!.start] as const;
  const straight = straightZero(inner);
  const curved = curvedZero(sorted.slice(Math.max(0, low - 1), high + 2), straight.value, between);
  const bend = Math.abs(curved - straight.value);
  return {
    coupling: {
      value: straight.value,
      error: Math.sqrt(straight.error * straight.error + bend * bend),
    },
    between,
    stable: inner[0].change.value > 0,
  };
}

/** The zero of the straight line through the changes, weighted by their errors; these grow where they do not lie on it. */
function straightZero(points: readonly CouplingChange[]): Measured {
  const center = points.reduce((sum, { start }) => sum + start, 0) / points.length;
  const x = points.map(({ start }) => start - center);
  const fit = leastSquares(
    [x.map(() => 1), x],
    points.map(({ change }) => change.value),
    points.map(({ change }) => change.error),
  );
  const [a, b] = fit.coefficients;
  const [va, vab, , vb] = fit.covariance;
  const zero = -a / b;
  const misfit = fit.degreesOfFreedom === 0 ? 1 : Math.max(1, fit.chiSquare / fit.degreesOfFreedom);
  const variance = (misfit * (va + 2 * zero * vab + zero * zero * vb)) / (b * b);
  return { value: center + zero, error: Math.sqrt(Math.max(0, variance)) };
}

/** The zero, next to `near`, of a parabola through one more start on either side; a half of the bracket off where there is none. */
function curvedZero(
  points: readonly CouplingChange[],
  near: number,
  [low, high]: readonly [number, number],
): number {
  if (points.length < 3) return near;
  const x = points.map(({ start }) => start - near);
  const { coefficients } = leastSquares(
    [x.map(() => 1), x, x.map((t) => t * t)],
    points.map(({ change }) => change.value),
    points.map(({ change }) => change.error),
  );
  const [c, b, a] = coefficients;
  const discriminant = b * b - 4 * a * c;
  // The root next to 0, written so that a → 0 is harmless.
  const root = (-2 * c) / (b + Math.sign(b) * Math.sqrt(Math.max(0, discriminant)));
  const found = near + root;
  return discriminant >= 0 && found >= low && found <= high ? found : near + (high - low) / 2;
}
