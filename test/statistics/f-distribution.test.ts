import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { fSurvival } from "../../src/statistics/index.js";

describe("fSurvival", () => {
  it("has the closed form of two degrees of freedom on either side", () => {
    for (const f of [1e-6, 0.3, 1, 2.5, 40, 1e5]) {
      for (const d of [1, 2, 7, 60]) {
        // P(F_{2,d} > f) = (1 + 2f/d)^{−d/2}, P(F_{d,2} > f) = 1 − (1 + 2/(d f))^{−d/2}
        const exact = (1 + (2 * f) / d) ** (-d / 2);
        expect(Math.abs(fSurvival(f, 2, d) / exact - 1)).toBeLessThan(1e-12);
        const other = -Math.expm1((-d / 2) * Math.log1p(2 / (d * f)));
        expect(Math.abs(fSurvival(f, d, 2) / other - 1)).toBeLessThan(1e-10);
      }
    }
  });

  it("is Cauchy's distribution of t² for one degree of freedom each", () => {
    for (const t of [0.1, 1, 3, 50]) {
      expect(fSurvival(t * t, 1, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    }
  });

  it("has the quantiles of printed tables", () => {
    for (const [f, a, b, p] of [
      [2.758, 3, 60, 0.05],
      [4.126, 3, 60, 0.01],
      [3.326, 5, 10, 0.05],
      [2.525, 4, 60, 0.05],
      [161.45, 1, 1, 0.05],
    ]) {
      expect(Math.abs(fSurvival(f, a, b) - p)).toBeLessThan(1e-4);
    }
  });

  it("ends at 1 and 0, and refuses what is no number of degrees", () => {
    expect([fSurvival(0, 3, 60), fSurvival(-1, 3, 60), fSurvival(Infinity, 3, 60)]).toEqual([1, 1, 0]);
    expect(fSurvival(NaN, 3, 60)).toBeNaN();
    for (const [a, b] of [
      [0, 3],
      [3, 0.5],
    ]) {
      expect(() => fSurvival(1, a, b)).toThrow(DomainError);
    }
  });
});
