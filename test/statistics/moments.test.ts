import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../src/errors/index.js";
import { compensatedSum, mean, median, quantile, variance } from "../../src/statistics/index.js";

describe("compensated sum", () => {
  it("keeps what plain addition loses", () => {
    expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2);
    expect(compensatedSum(new Float64Array(1e6).fill(0.1))).toBe(1e5);
    expect(new Float64Array(1e6).fill(0.1).reduce((sum, x) => sum + x, 0)).not.toBe(1e5);
    expect(compensatedSum([])).toBe(0);
  });

  it("is exact for integers spread over 2^60, against BigInt", () => {
    const integer = fc.integer({ min: -(2 ** 30), max: 2 ** 30 });
    const term = fc.tuple(integer, fc.integer({ min: 0, max: 30 })).map(([m, e]) => m * 2 ** e);
    fc.assert(
      fc.property(fc.array(term, { maxLength: 60 }), (terms) => {
        const exact = Number(terms.reduce((sum, value) => sum + BigInt(value), 0n));
        expect(Math.abs(compensatedSum(terms) - exact)).toBeLessThanOrEqual(2e-16 * Math.abs(exact));
      }),
    );
  });
});

describe("variance", () => {
  it("is n/(n − 1) times the mean square deviation, for any offset", () => {
    const values = Array.from({ length: 101 }, (_, i) => i); // Σ (i − 50)² = 101 (101² − 1)/12
    const exact = (101 * (101 ** 2 - 1)) / 12 / 100;
    expect(mean(values)).toBe(50);
    expect(variance(values)).toBeCloseTo(exact, 10);
    expect(variance(values.map((x) => x + 2 ** 40))).toBeCloseTo(exact, 10);
    expect(variance([3, 3, 3])).toBe(0);
  });

  it("needs two values, a mean one", () => {
    expect(() => variance([1])).toThrow(DataError);
    expect(() => mean([])).toThrow(/at least 1/);
  });
});

describe("quantile", () => {
  it("interpolates order statistics at (n − 1)p and leaves its input alone", () => {
    const values = [40, 10, 30, 20];
    expect([0, 1 / 3, 0.5, 0.9, 1].map((p) => quantile(values, p))).toEqual([10, 20, 25, 37, 40]);
    expect(values).toEqual([40, 10, 30, 20]);
    expect(median([5, -1, 100])).toBe(5);
    expect(quantile([7], 0.3)).toBe(7);
    expect(quantile([-100, -20, -3], 0)).toBe(-100); // numeric order, not the order of strings
  });

  it("refuses no values and probabilities outside [0, 1]", () => {
    expect(() => quantile([], 0.5)).toThrow(DataError);
    expect(() => quantile([1], 1.5)).toThrow(DomainError);
    expect(() => quantile([1], NaN)).toThrow(DomainError);
  });
});
