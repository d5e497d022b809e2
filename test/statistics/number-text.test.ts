import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { significant, withError } from "../../src/statistics/number-text.js";

interface Parsed {
  readonly value: number;
  readonly error: number;
  /** The unit of the last digit shown. */
  readonly unit: number;
  /** The digits of the error without zeros before or after them, at least two of them if need be. */
  readonly errorText: string;
}

/** Read the parentheses form by its rule, independently of how it was written. */
function parse(text: string): Parsed {
  const match = /^(-?\d+(?:\.(\d+))?)\((\d+(?:\.(\d+))?)\)(?:e(-?\d+))?$/.exec(text);
  if (match === null) throw new Error(`not in parentheses form: ${text}`);
  const [digits, decimals = "", errorText, errorDecimals, exponent = "0"] = match.slice(1) as [
    string,
    string | undefined,
    string,
    string | undefined,
    string | undefined,
  ];
  const places = errorDecimals === undefined ? -decimals.length : 0;
  const shift = (number: string, by: number): number => Number(`${number}e${by}`);
  const power = Number(exponent);
  const trailing = errorDecimals === undefined ? (/0*$/.exec(errorText.slice(2))?.[0].length ?? 0) : 0;
  return {
    value: shift(digits, power),
    error: shift(errorText, power + places),
    unit: shift("1", power - decimals.length + (decimals === "" ? trailing : 0)),
    errorText,
  };
}

describe("withError", () => {
  it("writes the error's two digits behind the value", () => {
    const cases: readonly (readonly [number, number | null, string])[] = [
      [-1.419214, 0.000338, "-1.41921(34)"],
      [2373.9512, 0.142, "2373.95(14)"],
      [1.152, 0.0012, "1.1520(12)"],
      [0.5, 0.0995, "0.50(10)"],
      [0.5, 0.0994, "0.500(99)"],
      [0.5, 0.00996, "0.500(10)"],
      [12.3456, 0.996, "12.3(1.0)"],
      [2373.96, 1.42, "2374.0(1.4)"],
      [2373.95, 14.2, "2374(14)"],
      [2373.95, 99.6, "2370(100)"],
      [23739512, 1234, "23739500(1200)"],
      [3, 1234, "0(1200)"],
      [0.02, 0.5, "0.02(50)"],
      [-0.001, 0.5, "0.00(50)"],
      [0, 0.25, "0.00(25)"],
      [1.5e-12, 3e-14, "1.500(30)e-12"],
      [9.9996e-12, 1e-14, "1.0000(10)e-11"],
      [9.984e-12, 1e-14, "9.984(10)e-12"],
      [2e-14, 3e-12, "0.0(3.0)e-12"],
      [6.02214076e23, 1.1e18, "6.022141(11)e23"],
      [4.4e-5, 1.2e-6, "4.40(12)e-5"],
      [0.00044, 1.2e-5, "0.000440(12)"],
    ];
    for (const [value, error, text] of cases) expect(withError(value, error)).toBe(text);
  });

  it("writes a value without an error as it is, and no number as a dash", () => {
    for (const error of [0, null, NaN, Infinity, -1]) expect(withError(1 / 3, error)).toBe("0.33333333");
    expect(withError(1, 1e-300)).toBe("1");
    expect(withError(1e300, 1e280)).toBe("1e+300");
    for (const value of [NaN, Infinity, -Infinity]) expect(withError(value, 0.1)).toBe("–");
  });

  it("is within half of its last digit of what it was given, with two digits of error", () => {
    const magnitude = fc.tuple(
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.integer({ min: -290, max: 290 }),
    );
    const wide = magnitude.map(([digits, exponent]) => digits * 10 ** exponent);
    const near = fc.tuple(wide, fc.integer({ min: -14, max: 14 })).map(([value, by]) => value * 10 ** by);
    const value = fc.tuple(wide, fc.constantFrom(-1, 0, 1)).map(([size, sign]) => size * sign);
    const ratio = fc.integer({ min: -14, max: 14 });
    const pair = fc.oneof(
      fc.tuple(value, near),
      fc.tuple(value, ratio).map(([x, by]) => [x, Math.abs(x === 0 ? 1 : x) * 1.2345 * 10 ** by] as const),
    );
    fc.assert(
      fc.property(pair, ([x, error]) => {
        fc.pre(error > 1e-300 && error < 1e300 && error > 4 * Math.abs(x) * Number.EPSILON);
        const found = parse(withError(x, error));
        const slack = 1 + 1e-9;
        expect(Math.abs(found.value - x)).toBeLessThanOrEqual(
          (found.unit / 2) * slack + 2 * Number.EPSILON * Math.abs(x),
        );
        expect(Math.abs(found.error - error)).toBeLessThanOrEqual((found.unit / 2) * slack);
        expect(found.error / found.unit).toBeGreaterThan(9.99);
        expect(found.error / found.unit).toBeLessThan(100.01);
      }),
      { numRuns: 3000, seed: 9 },
    );
  });
});

describe("significant", () => {
  it("drops zeros at the end and knows what is no number", () => {
    expect([0.25, 1234.5678, 1e-9, NaN, Infinity].map((value) => significant(value, 4))).toEqual([
      "0.25",
      "1235",
      "1e-9",
      "–",
      "–",
    ]);
  });
});
