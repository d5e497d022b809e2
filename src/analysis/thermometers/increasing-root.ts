const MOST_STEPS = 200;
/** Share of the interval below which a root is found. */
const CONVERGED = 1e-13;

/** A value of a function and its derivative there. */
export interface ValueAndSlope {
  readonly value: number;
  readonly slope: number;
}

/**
 * x in [low, high] with f(x) = target, f increasing: Newton's method from `start`, halving the interval where a step would
 * leave it. `low` where even f(low) is more than the target, Infinity where even f(high) is less, NaN for a target that is not
 * a number.
 */
export function increasingRoot(
  f: (x: number) => ValueAndSlope,
  target: number,
  [low, high]: readonly [number, number],
  start: number,
): number {
  if (Number.isNaN(target)) return NaN;
  const end = high;
  const shortest = CONVERGED * (high - low);
  let x = Math.min(high, Math.max(low, start));
  for (let step = 0; step < MOST_STEPS; step++) {
    const { value, slope } = f(x);
    if (value < target) low = x;
    else high = x;
    const newton = x - (value - target) / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= shortest) return high === end && f(end).value < target ? Infinity : next;
    x = next;
  }
  return x;
}
