import { describe, expect, it } from "vitest";
import { DataError } from "../../src/errors/index.js";
import { estimateMean, type MeanEstimate, variance } from "../../src/statistics/index.js";
import { autoregression, average, exactMeanVariance, exactTau } from "./autoregression.js";

const REPLICAS = 400;

interface Case {
  readonly phi: number;
  readonly chains: number;
  readonly length: number;
}

function replicate({ phi, chains, length }: Case, name: string): MeanEstimate[] {
  return Array.from({ length: REPLICAS }, (_, r) =>
    estimateMean(autoregression(phi, chains, length, name, r)),
  );
}

/** Standard deviation of z = (value − exact)/error about 0, the exact mean being 0. */
function spreadOfScores(estimates: readonly MeanEstimate[]): number {
  return Math.sqrt(average(estimates.map(({ value, error }) => (value / error) ** 2)));
}

/** E error² over the exact variance of the mean. */
function relativeVariance(estimates: readonly MeanEstimate[], { phi, chains, length }: Case): number {
  return average(estimates.map(({ error }) => error ** 2)) / exactMeanVariance(phi, chains, length);
}

function degrees(estimates: readonly MeanEstimate[]): number {
  return average(estimates.map(({ degreesOfFreedom }) => degreesOfFreedom));
}

describe("error bars over 400 replicas", () => {
  it.each<Case>([
    { phi: 0, chains: 1, length: 2000 },
    { phi: 0, chains: 8, length: 50 },
    { phi: 0, chains: 64, length: 1 },
    { phi: 0, chains: 64, length: 4 },
    { phi: 0.5, chains: 1, length: 3000 },
    { phi: 0.5, chains: 64, length: 2 },
    { phi: 0.5, chains: 64, length: 10 },
    { phi: 0.9, chains: 1, length: 4000 },
    { phi: 0.9, chains: 8, length: 500 },
    { phi: 0.9, chains: 64, length: 4 },
    { phi: 0.9, chains: 64, length: 20 },
    { phi: 0.9, chains: 64, length: 200 },
    { phi: 0.98, chains: 8, length: 1600 },
    { phi: 0.98, chains: 64, length: 3 },
    { phi: 0.98, chains: 64, length: 150 },
    { phi: -0.5, chains: 1, length: 2000 },
    { phi: -0.5, chains: 64, length: 3 },
    { phi: -0.5, chains: 64, length: 30 },
  ])("are calibrated, σ(z) = 1 ± 0.1: φ = $phi, $chains × $length", (setting) => {
    const estimates = replicate(setting, "calibration");
    expect(Math.abs(spreadOfScores(estimates) - 1)).toBeLessThan(0.1);
    expect(Math.abs(relativeVariance(estimates, setting) - 1)).toBeLessThan(0.08);
    expect(estimates.every(({ reliable }) => reliable)).toBe(true);
  });

  /* With few effective windows z follows Student's t with ν degrees of freedom, whose σ = √(ν/(ν − 2)) exceeds 1.1. */
  it.each<Case>([
    { phi: 0, chains: 8, length: 1 },
    { phi: 0, chains: 1, length: 100 },
    { phi: 0.9, chains: 1, length: 1000 },
    { phi: 0.9, chains: 8, length: 50 },
    { phi: 0.98, chains: 8, length: 4 },
    { phi: 0.98, chains: 8, length: 500 },
  ])("are unbiased, and z is as wide as Student's t, when short: φ = $phi, $chains × $length", (setting) => {
    const estimates = replicate(setting, "short");
    const nu = degrees(estimates);
    expect(nu).toBeGreaterThan(4);
    expect(nu).toBeLessThan(12);
    expect(Math.abs(relativeVariance(estimates, setting) - 1)).toBeLessThan(0.2);
    expect(spreadOfScores(estimates) / Math.sqrt(nu / (nu - 2))).toBeGreaterThan(0.85);
    expect(spreadOfScores(estimates) / Math.sqrt(nu / (nu - 2))).toBeLessThan(1.15);
  });

  it("cannot be right for one chain of 20 τ, and say so", () => {
    const estimates = replicate({ phi: 0.98, chains: 1, length: 1000 }, "hopeless");
    expect(spreadOfScores(estimates)).toBeGreaterThan(1.3);
    expect(estimates.filter(({ reliable }) => reliable).length).toBeLessThan(0.05 * REPLICAS);
  });

  it("fluctuate as their degrees of freedom say: Var(error²)/E² = 2/ν", () => {
    const estimates = replicate({ phi: 0.9, chains: 8, length: 1000 }, "freedom");
    const squares = estimates.map(({ error }) => error ** 2);
    const relative = variance(squares) / average(squares) ** 2;
    expect((relative * degrees(estimates)) / 2).toBeGreaterThan(0.7);
    expect((relative * degrees(estimates)) / 2).toBeLessThan(1.4);
  });
});

describe("the estimate", () => {
  it("is s/√n for chains of one sample", () => {
    const series = autoregression(0, 50, 1, "single");
    const values = series.map((chain) => chain[0]);
    const { value, error, tau, effectiveSamples, degreesOfFreedom } = estimateMean(series);
    expect(value).toBeCloseTo(average(values), 12);
    expect(error).toBeCloseTo(Math.sqrt(variance(values) / 50), 12);
    expect(tau).toBeCloseTo(0.5, 12);
    expect(effectiveSamples).toBeCloseTo(50, 9);
    expect(degreesOfFreedom).toBe(49);
  });

  it("is the between-chain error where τ exceeds the chains", () => {
    const series = autoregression(0.98, 30, 20, "between");
    const { error, degreesOfFreedom, effectiveSamples, tau } = estimateMean(series);
    const means = series.map((chain) => average([...chain]));
    expect(error).toBeCloseTo(Math.sqrt(variance(means) / 30), 12);
    expect(degreesOfFreedom).toBeCloseTo(29, 9);
    expect(effectiveSamples * 2 * tau).toBeCloseTo(600, 9);
  });

  it("counts effective samples n/2τ of long chains", () => {
    const { tau, effectiveSamples } = estimateMean(autoregression(0.9, 8, 20_000, "effective"));
    expect(Math.abs(tau / exactTau(0.9) - 1)).toBeLessThan(4 * Math.sqrt((2 * 120) / 160_000));
    expect(effectiveSamples).toBeCloseTo(160_000 / (2 * tau), 6);
  });

  it("falls back on the scatter of chains that have not mixed, even when the plateau is too low to see", () => {
    const levels = [0.2, -0.2, 0.1, -0.1, 0.15, -0.15, 0.2, -0.2];
    const series = autoregression(0.5, 8, 5000, "unmixed");
    expect(estimateMean(series).reliable).toBe(true);
    const shifted = series.map((chain, c) => chain.map((x) => x + levels[c]));
    const { error, reliable, degreesOfFreedom } = estimateMean(shifted);
    const means = shifted.map((chain) => average([...chain]));
    expect(error).toBeCloseTo(Math.sqrt(variance(means) / 8), 12);
    expect(degreesOfFreedom).toBe(7);
    expect(reliable).toBe(false);
  });

  it("has no error for a constant series, and none to give for one sample", () => {
    const constant = [new Float64Array(10).fill(0.1)];
    expect(estimateMean(constant)).toMatchObject({ value: 0.1, error: 0, tau: 0.5, reliable: false });
    expect(() => estimateMean([Float64Array.of(1)])).toThrow(DataError);
  });

  it("of frozen chains is the scatter between them", () => {
    const frozen = [1, 2, 4, 8].map((level) => new Float64Array(100).fill(level));
    expect(estimateMean(frozen).error).toBeCloseTo(Math.sqrt(variance([1, 2, 4, 8]) / 4), 12);
  });
});
