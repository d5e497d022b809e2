import { describe, expect, it } from "vitest";
import * as elementary from "../../src/kernels/elementary.js";

/** Points that cover the range evenly in x and, near zero, evenly in log |x|. */
function points(low: number, high: number, count: number): number[] {
  const linear = Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.37)) / count);
  const tiny = Array.from({ length: 60 }, (_, i) => 10 ** (-i / 4));
  return [...linear, ...tiny, ...tiny.map((x) => -x)].filter((x) => x >= low && x <= high);
}

/** Largest |f − g| / |g| over the points; NaN (which would hide in a maximum) counts as infinite. */
function largestRelativeError(
  f: (x: number) => number,
  g: (x: number) => number,
  xs: readonly number[],
): number {
  return Math.max(
    ...xs.map((x) => {
      const error = Math.abs(f(x) - g(x)) / Math.max(Math.abs(g(x)), 1e-300);
      return Number.isNaN(error) ? Infinity : error;
    }),
  );
}

describe("elementary functions against the engine's", () => {
  const cases = [
    ["exp", elementary.exp, Math.exp, -700, 700, 4e-16],
    ["expm1", elementary.expm1, Math.expm1, -30, 30, 6e-16],
    ["log", elementary.log, Math.log, 1e-300, 1e6, 4e-16],
    ["log1p", elementary.log1p, Math.log1p, -0.999999, 1e6, 6e-16],
    ["tanh", elementary.tanh, Math.tanh, -25, 25, 6e-16],
    ["sinh", elementary.sinh, Math.sinh, -700, 700, 1e-15],
    ["cosh", elementary.cosh, Math.cosh, -700, 700, 1e-15],
    ["artanh", elementary.artanh, Math.atanh, -0.999, 0.999, 1e-15],
    [
      "softplus",
      elementary.softplus,
      (x: number) => (x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(x))),
      -700,
      700,
      1e-15,
    ],
    ["logistic", elementary.logistic, (x: number) => 1 / (1 + Math.exp(-x)), -700, 700, 1e-15],
  ] as const;
  it.each(cases)("%s", (_, own, engine, low, high, bound) => {
    expect(largestRelativeError(own, engine, points(low, high, 20000))).toBeLessThanOrEqual(bound);
  });

  it("sine, cosine and arc tangent are right to a few units in the last place of 1", () => {
    for (const x of points(-1000, 1000, 20000)) {
      expect(Math.abs(elementary.sin(x) - Math.sin(x))).toBeLessThan(5e-16);
      expect(Math.abs(elementary.cos(x) - Math.cos(x))).toBeLessThan(5e-16);
    }
    for (const angle of points(-3.14159, 3.14159, 5000)) {
      const [x, y] = [7 * Math.cos(angle), 7 * Math.sin(angle)];
      expect(Math.abs(elementary.atan2(y, x) - Math.atan2(y, x))).toBeLessThan(1e-15);
    }
  });

  it("log 2cosh is even, exact at 0 and linear far out", () => {
    expect(elementary.logTwoCosh(0)).toBe(Math.LN2);
    expect(elementary.logTwoCosh(-3.5)).toBe(elementary.logTwoCosh(3.5));
    expect(elementary.logTwoCosh(800)).toBe(800);
  });

  it("follows IEEE 754 at the edges", () => {
    expect(elementary.exp(-Infinity)).toBe(0);
    expect(elementary.exp(710)).toBe(Infinity);
    expect(elementary.exp(-745)).toBe(Math.exp(-745));
    expect(elementary.exp(0)).toBe(1);
    expect(elementary.exp(NaN)).toBeNaN();
    expect(elementary.log(0)).toBe(-Infinity);
    expect(elementary.log(-1)).toBeNaN();
    expect(elementary.log(Infinity)).toBe(Infinity);
    expect(elementary.log(5e-324)).toBeCloseTo(Math.log(5e-324), 12);
    expect(elementary.log1p(-1)).toBe(-Infinity);
    expect(elementary.tanh(1e3)).toBe(1);
    expect(elementary.softplus(-800)).toBe(0);
    expect(elementary.softplus(800)).toBe(800);
  });
});
