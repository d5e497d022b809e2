import { describe, expect, it } from "vitest";
import { DataError } from "../../src/errors/index.js";
import { splitRhat } from "../../src/statistics/index.js";
import { autoregression } from "./autoregression.js";

describe("split-R̂", () => {
  it("is about 1 for stationary chains: R̂² − 1 has mean (2τ − 1)/l, l the half length", () => {
    expect(Math.abs(splitRhat(autoregression(0, 8, 4000, "rhat")) - 1)).toBeLessThan(0.002);
    expect(Math.abs(splitRhat(autoregression(0.9, 8, 4000, "rhat")) - 1)).toBeLessThan(0.012);
  });

  it("exceeds 1.1 for shifted chains, and for one chain that drifts", () => {
    const shifted = autoregression(0.5, 4, 2000, "shift").map((chain, c) => chain.map((x) => x + (c % 2)));
    expect(splitRhat(shifted)).toBeGreaterThan(1.1);
    const drifting = autoregression(0, 1, 2000, "drift").map((chain) => chain.map((x, i) => x + i / 1000));
    expect(splitRhat(drifting)).toBeGreaterThan(1.1);
    expect(splitRhat(autoregression(0, 1, 2000, "drift"))).toBeLessThan(1.01);
  });

  it("is the published formula, worked by hand", () => {
    // Halves (0,2) (4,6) (1,3) (1,5), the middle 9 dropped: means 1, 5, 2, 3 of variance 35/12; variances 2, 2, 2, 8.
    const series = [Float64Array.of(0, 2, 9, 4, 6), Float64Array.of(1, 3, 9, 1, 5)];
    const within = 3.5;
    const between = 2 * (35 / 12);
    expect(splitRhat(series)).toBeCloseTo(Math.sqrt((within / 2 + between / 2) / within), 12);
  });

  it("knows frozen chains, and needs four samples", () => {
    const frozen = (level: number): Float64Array => new Float64Array(8).fill(level);
    expect(splitRhat([frozen(1), frozen(1)])).toBe(1);
    expect(splitRhat([frozen(1), frozen(2)])).toBe(Infinity);
    expect(() => splitRhat([new Float64Array(3)])).toThrow(DataError);
  });
});
