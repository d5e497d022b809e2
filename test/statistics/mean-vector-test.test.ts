import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { deriveKey, fillStandardNormal, seedKey } from "../../src/random/index.js";
import { meanVectorTest } from "../../src/statistics/index.js";

const key = seedKey("mean vectors");

/** g vectors of three correlated normal numbers with this mean. */
function vectors(g: number, index: number, shift = 0): Float64Array {
  const z = new Float64Array(3 * g);
  fillStandardNormal(deriveKey(key, "analysis", index), z);
  return z.map((_, k) => {
    const first = 3 * Math.floor(k / 3);
    return shift + [z[first], z[first] + 0.3 * z[first + 1], 1000 * (z[first + 2] - z[first])][k % 3];
  });
}

describe("meanVectorTest", () => {
  it("of one component is Student's t test", () => {
    const values = Float64Array.of(1, 2, 0.5, -0.3, 1.4);
    const { means, errors, statistic, degrees, pValue } = meanVectorTest(values, 1);
    expect(means[0]).toBeCloseTo(0.92, 12);
    expect(errors[0]).toBeCloseTo(Math.sqrt(3.068 / 4 / 5), 12);
    expect(statistic).toBeCloseTo((means[0] / errors[0]) ** 2, 10);
    expect(degrees).toEqual([1, 4]);
    // t = 2.3407 with 4 degrees of freedom: P(|t| >) = 1 − I…, closed form of 4 degrees.
    const t = means[0] / errors[0];
    const u = t / Math.sqrt(4 + t * t);
    expect(pValue).toBeCloseTo(1 - u * (1.5 - (u * u) / 2), 10);
  });

  it("has uniform p values where the means are zero, whatever the scales and correlations", () => {
    const values = Float64Array.from({ length: 2000 }, (_, k) => meanVectorTest(vectors(16, k), 3).pValue);
    const p = values.sort();
    const farthest = p.reduce((most, value, k) => Math.max(most, Math.abs(value - (k + 0.5) / p.length)), 0);
    expect(farthest).toBeLessThan(1.63 / Math.sqrt(p.length)); // Kolmogorov, 1 %
  });

  it("rejects other means, less so with a known error in common", () => {
    const values = vectors(16, 1, 1.5);
    const found = meanVectorTest(values, 3);
    expect(found.pValue).toBeLessThan(1e-3);
    const known = Float64Array.from({ length: 9 }, () => 4);
    expect(meanVectorTest(values, 3, known).statistic).toBeLessThan(found.statistic);
  });

  it("has no p value where it cannot be told, and refuses too few vectors", () => {
    expect(meanVectorTest(new Float64Array(30), 3).pValue).toBeNaN();
    expect(meanVectorTest(new Float64Array(30).fill(Infinity), 3).pValue).toBeNaN();
    expect(() => meanVectorTest(new Float64Array(9), 3)).toThrow(DomainError);
    expect(() => meanVectorTest(new Float64Array(10), 3)).toThrow(DomainError);
  });
});
