import { describe, expect, it } from "vitest";
import { deriveKey, fillStandardNormal, seedKey } from "../../../src/random/index.js";
import {
  effectiveSamples,
  logMeanError,
  normalizedWeights,
  relativeVariance,
  resample,
} from "../../../src/rbm/log-partition/log-weights.js";
import { Population } from "../../../src/rbm/log-partition/population.js";
import { logMeanExp } from "../../../src/statistics/index.js";

function normals(count: number, deviation: number, seed: string): Float64Array {
  const out = new Float64Array(count);
  fillStandardNormal(seedKey(seed), out);
  return out.map((x) => deviation * x);
}

describe("weights", () => {
  it("have as many effective samples as equal weights would", () => {
    expect(effectiveSamples(Float64Array.of(700, 700, 700, -Infinity))).toBeCloseTo(3, 12);
    expect(effectiveSamples(Float64Array.of(0, -800))).toBe(1);
    expect(normalizedWeights(Float64Array.of(1000, 1000 + Math.log(3)))[1]).toBeCloseTo(0.75, 12);
  });

  it("have a relative variance of the mean that is s²/(N x̄²) for separate values", () => {
    const values = Float64Array.of(1, 2, 3, 6);
    expect(relativeVariance(values)).toBeCloseTo(14 / 4 / 4 / 9, 12);
    expect(relativeVariance(values, Uint32Array.of(0, 0, 1, 1))).toBeCloseTo(
      (0.25 - 0.25) ** 2 + 0.5 ** 2 + 2 / 16,
      12,
    );
  });

  it("have none where every family has the same share", () => {
    expect(relativeVariance(Float64Array.of(1, 5, 5, 1), Uint32Array.of(0, 0, 1, 1), 2)).toBe(0);
    expect(relativeVariance(Float64Array.of(1, 5, 5, 1), Uint32Array.of(0, 1, 1, 0), 2)).toBeCloseTo(
      2 / 9,
      12,
    );
  });

  it.each([0.3, 1, 2])(
    "of log-normal form have an error of ln mean as large as they say (σ = %f)",
    (deviation) => {
      const scores = Array.from({ length: 400 }, (_, replica) => {
        const weights = normals(200, deviation, `${deviation} ${replica}`);
        return (logMeanExp(weights) - deviation ** 2 / 2) / logMeanError(weights);
      });
      const rms = Math.sqrt(scores.reduce((sum, z) => sum + z * z, 0) / 400);
      expect(rms).toBeGreaterThan(0.75);
      expect(rms).toBeLessThan(1.2);
    },
  );

  it("too unequal to have seen their tail have a large error", () => {
    const weights = normals(200, 5, "tail");
    expect(logMeanError(weights)).toBeGreaterThan(1);
    expect(Number.isFinite(logMeanError(normals(200, 100, "far")))).toBe(true);
  });
});

describe("drawing anew", () => {
  it("gives each parent Nw offspring, rounded down or up, in order", () => {
    const weights = normals(50, 1, "parents");
    const expected = normalizedWeights(weights).map((w) => 50 * w);
    const order = resample(weights, seedKey("draw"));
    const counts = new Float64Array(50);
    order.forEach((parent) => counts[parent]++);
    counts.forEach((count, parent) => {
      expect(Math.abs(count - expected[parent])).toBeLessThan(1);
    });
    expect([...order]).toEqual([...order].sort((a, b) => a - b));
  });

  it("is unbiased", () => {
    const weights = Float64Array.of(0, Math.log(2), Math.log(3), Math.log(0.5));
    const counts = new Float64Array(4);
    for (let replica = 0; replica < 4000; replica++) {
      resample(weights, deriveKey(seedKey("unbiased"), "bootstrap", replica)).forEach(
        (parent) => counts[parent]++,
      );
    }
    normalizedWeights(weights).forEach((w, parent) => {
      expect(Math.abs(counts[parent] / 16_000 - w)).toBeLessThan(4 * Math.sqrt(0.25 / 4000 / 4));
    });
  });

  it("of equal weights changes nothing", () => {
    expect([...resample(new Float64Array(7), seedKey("equal"))]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe("a population", () => {
  it("gains the ln of its mean weight, whether or not it is drawn anew on the way", () => {
    const population = new Population(4, 0);
    population.multiply([0, 1, 2, 3]);
    population.multiply([3, 2, 1, 1]);
    expect(population.gain).toBeCloseTo(Math.log((3 * Math.exp(3) + Math.exp(4)) / 4), 12);
    const before = population.gain;
    population.renew(seedKey("renew"));
    expect(population.gain).toBeCloseTo(before, 12);
    population.multiply([1, 1, 1, 1]);
    expect(population.gain).toBeCloseTo(before + 1, 12);
  });

  it("is drawn anew below its threshold alone, and remembers families", () => {
    const population = new Population(4, 0.7);
    population.multiply([0, 0.1, 0, 0]);
    expect(population.renewIfUnequal(seedKey("a"))).toBeNull();
    population.multiply([0, 9, 9, 0]);
    const order = population.renewIfUnequal(seedKey("a"));
    expect([...order!]).toEqual([1, 1, 2, 2]);
    expect([...population.families]).toEqual([1, 1, 2, 2]);
    expect(population.effectiveFamilies).toBeCloseTo(2, 12);
    expect(population.error).toBeCloseTo(Math.sqrt(Math.log(1.25)), 12);
  });

  it("has an error that includes what drawing anew has cost", () => {
    // weights that are drawn fresh in every stage: the gain is a sum of stages, each with variance (e^{σ²} − 1)/N
    const [size, stages, deviation] = [200, 10, 0.9];
    const results = Array.from({ length: 200 }, (_, replica) => {
      const population = new Population(size, 0.7);
      for (let stage = 0; stage < stages; stage++) {
        population.multiply(normals(size, deviation, `${replica} ${stage}`));
        population.renewIfUnequal(deriveKey(seedKey("stage"), "bootstrap", replica, stage));
      }
      return { off: population.gain - (stages * deviation ** 2) / 2, error: population.error };
    });
    const rms = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((s, x) => s + x * x, 0) / values.length);
    const ratio = rms(results.map(({ off, error }) => off / error));
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.3);
  });
});
