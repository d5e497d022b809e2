import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/errors/index.js";
import { logMeanExp, LogSumExp, logSumExp } from "../../src/statistics/index.js";

function streamed(values: readonly number[]): LogSumExp {
  const accumulator = new LogSumExp();
  for (const value of values) accumulator.add(value);
  return accumulator;
}

/** ln Σ e^x by a shift to the given reference, summed plainly. */
function shifted(values: readonly number[], reference: number): number {
  return reference + Math.log(values.reduce((sum, x) => sum + Math.exp(x - reference), 0));
}

describe.each([
  { name: "the accumulator", evaluate: (values: readonly number[]) => streamed(values).value },
  { name: "the array function", evaluate: (values: readonly number[]) => logSumExp(values) },
])("log-sum-exp by $name", ({ evaluate }) => {
  it("equals direct sums shifted by any offset and in any order", () => {
    const values = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, -1e4, 1e5), (terms, offset) => {
        const direct = shifted(terms, 0);
        const tolerance = 1e-13 * (1 + Math.abs(offset)) + 1e-13;
        expect(Math.abs(evaluate(terms.map((x) => x + offset)) - offset - direct)).toBeLessThan(tolerance);
        expect(Math.abs(evaluate([...terms].reverse()) - direct)).toBeLessThan(1e-13 * 40);
      }),
    );
  });

  it("survives extremes", () => {
    expect(evaluate([1e308, 1e308])).toBe(1e308);
    expect(evaluate([-1e308, 700])).toBe(700);
    expect(evaluate([-2000, -2000])).toBeCloseTo(-2000 + Math.LN2, 12);
    expect(evaluate([0, -800])).toBe(0);
    expect(evaluate([])).toBe(-Infinity);
  });

  it("knows the infinities and NaN, wherever they stand", () => {
    expect(evaluate([-Infinity])).toBe(-Infinity);
    expect(evaluate([-Infinity, 3, -Infinity])).toBe(3);
    expect(evaluate([Infinity, 1, Infinity, -Infinity])).toBe(Infinity);
    for (const values of [
      [NaN, 1, 2],
      [1, NaN, 2],
      [Infinity, NaN],
      [NaN, -Infinity],
    ]) {
      expect(evaluate(values)).toBeNaN();
    }
  });

  it("keeps a million small terms beside a large one", () => {
    const values = [40, ...new Array<number>(1_000_000).fill(0)];
    expect(evaluate(values)).toBeCloseTo(40 + Math.log1p(1e6 * Math.exp(-40)), 13);
    expect(evaluate([...values].reverse())).toBeCloseTo(40 + Math.log1p(1e6 * Math.exp(-40)), 13);
    expect(evaluate([...values, 60])).toBeCloseTo(60 + Math.log1p(Math.exp(-20)), 13);
  });
});

describe("merging", () => {
  it("equals adding every term to one accumulator", () => {
    const term = fc.oneof(fc.double({ min: -1000, max: 1000, noNaN: true }), fc.constant(-Infinity));
    fc.assert(
      fc.property(fc.array(term), fc.array(term), (left, right) => {
        const merged = streamed(left);
        merged.merge(streamed(right));
        const whole = streamed([...left, ...right]);
        expect(merged.count).toBe(whole.count);
        if (whole.value === -Infinity) expect(merged.value).toBe(-Infinity);
        else expect(Math.abs(merged.value - whole.value)).toBeLessThan(1e-11);
      }),
    );
  });
});

describe("log-mean-exp", () => {
  it("divides by the number of terms, those of −Infinity included", () => {
    expect(logMeanExp([5, 5, 5])).toBeCloseTo(5, 14);
    expect(logMeanExp([0, -Infinity])).toBeCloseTo(-Math.LN2, 14);
    expect(streamed([0, -Infinity]).logMean).toBeCloseTo(-Math.LN2, 14);
    expect(logMeanExp(Float64Array.of(-Infinity, -Infinity))).toBe(-Infinity);
  });

  it("has nothing to say about no values", () => {
    expect(() => logMeanExp([])).toThrow(DataError);
    expect(new LogSumExp().logMean).toBeNaN();
  });
});
