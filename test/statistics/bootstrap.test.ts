import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../src/errors/index.js";
import { deriveKey, seedKey } from "../../src/random/index.js";
import { bootstrapIndices, bootstrapInterval, mean, median, variance } from "../../src/statistics/index.js";
import { autoregression } from "./autoregression.js";

const key = seedKey("bootstrap");

/** Share of 400 normal samples of size n whose interval holds the exact value 0. */
function coverage(n: number, statistic: (values: Float64Array) => number, level: number): number {
  let hits = 0;
  for (let r = 0; r < 400; r++) {
    const [values] = autoregression(0, 1, n, "coverage", r);
    const options = { key: deriveKey(key, "analysis", r), resamples: 400, level };
    const { lower, upper } = bootstrapInterval(values, statistic, options);
    if (lower <= 0 && upper >= 0) hits++;
  }
  return hits / 400;
}

/** Four binomial standard deviations of a share of 400. */
const tolerance = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / 400);

describe("bootstrap interval", () => {
  it("covers the mean: P(|t_{n−1}| < z √((n − 1)/n)) = 0.9432 at n = 60 and 95 %", () => {
    expect(Math.abs(coverage(60, mean, 0.95) - 0.9432)).toBeLessThan(tolerance(0.943));
  });

  it("covers the mean at 68 %, and the median", () => {
    expect(Math.abs(coverage(60, mean, 0.68) - 0.672)).toBeLessThan(tolerance(0.672));
    expect(Math.abs(coverage(61, median, 0.9) - 0.9)).toBeLessThan(tolerance(0.9));
  });

  it("has the standard error √((n − 1)/n) s/√n for a mean, and the normal interval around it", () => {
    const [values] = autoregression(0, 1, 200, "standard error");
    const resamples = 20_000;
    const { lower, upper, standardError, discarded } = bootstrapInterval(values, mean, { key, resamples });
    const expected = Math.sqrt((variance(values) * 199) / 200 / 200);
    expect(Math.abs(standardError / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * resamples));
    const quantileError = Math.sqrt((0.025 * 0.975) / resamples) / 0.0584; // 0.0584: normal density at 1.96
    expect(Math.abs((upper - mean(values)) / expected - 1.96)).toBeLessThan(4 * quantileError + 0.03);
    expect(Math.abs((lower - mean(values)) / expected + 1.96)).toBeLessThan(4 * quantileError + 0.03);
    expect(discarded).toBe(0);
  });

  it("is a function of the key alone, and leaves the values as they were", () => {
    const values = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6);
    const once = bootstrapInterval(values, mean, { key });
    expect(bootstrapInterval(values, mean, { key })).toEqual(once);
    expect(bootstrapInterval(values, mean, { key: seedKey("other") })).not.toEqual(once);
    expect([...values]).toEqual([3, 1, 4, 1, 5, 9, 2, 6]);
  });

  it("resamples rows by index, the first resamples the same however many follow", () => {
    const draws = (resamples: number): string[] => {
      const seen: string[] = [];
      bootstrapIndices(5, (indices) => seen.push(indices.join()), { key, resamples });
      return seen;
    };
    expect(draws(50).slice(0, 20)).toEqual(draws(20));
    expect(new Set(draws(20)).size).toBeGreaterThan(15);
  });

  it("leaves out resamples without a finite statistic, and refuses when that is most of them", () => {
    const values = Float64Array.of(1, 2, 3);
    const fragile = (x: Float64Array): number => (x[0] === x[1] && x[1] === x[2] ? NaN : mean(x));
    const { discarded } = bootstrapInterval(values, fragile, { key, resamples: 9000 });
    expect(Math.abs(discarded - 1000)).toBeLessThan(4 * Math.sqrt(1000));
    expect(() => bootstrapInterval(values, () => NaN, { key })).toThrow(/finite on 0 of 1000/);
  });

  it("refuses bad options", () => {
    expect(() => bootstrapInterval([], mean, { key })).toThrow(DataError);
    expect(() => bootstrapInterval([1, 2], mean, { key, level: 1 })).toThrow(DomainError);
    expect(() => bootstrapInterval([1, 2], mean, { key, resamples: 1 })).toThrow(DomainError);
  });
});
