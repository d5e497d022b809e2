import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../src/errors/index.js";
import { integratedAutocorrelationTime, type Series } from "../../src/statistics/index.js";
import { windowedVariance } from "../../src/statistics/windowed-variance.js";
import { autoregression, average, exactTau, mapSeries } from "./autoregression.js";

/** Madras & Sokal's standard deviation of τ. */
function spread(tau: number, window: number, samples: number): number {
  return tau * Math.sqrt((2 * (2 * window + 1)) / samples);
}

/** g(t) = Σ_chains Σ_i d_i d_{i+t} / n, straight from the definition. */
function covariance(series: Series, lag: number): number {
  const all = series.flatMap((chain) => [...chain]);
  const center = average(all);
  let sum = 0;
  for (const chain of series) {
    for (let i = 0; i + lag < chain.length; i++) sum += (chain[i] - center) * (chain[i + lag] - center);
  }
  return sum / all.length;
}

describe("integrated autocorrelation time", () => {
  describe.each([0, 0.5, 0.9, 0.98, -0.5])("of AR(1) with φ = %d", (phi) => {
    it.each([
      { chains: 1, length: 100_000 },
      { chains: 8, length: 12_500 },
      { chains: 64, length: 1_600 },
    ])("is (1 + φ)/2(1 − φ) within 4 Monte-Carlo errors: $chains chains of $length", ({ chains, length }) => {
      const tau = exactTau(phi);
      const found = integratedAutocorrelationTime(autoregression(phi, chains, length, `tau ${phi}`));
      expect(Math.abs(found.tau - tau)).toBeLessThan(4 * spread(tau, found.window, chains * length));
      expect(found.window).toBeGreaterThanOrEqual(6 * found.tau);
      expect(found.reliable).toBe(true);
    });
  });

  it.each([
    { phi: 0.5, chains: 1, length: 3000 },
    { phi: 0.9, chains: 1, length: 4000 },
    { phi: 0.9, chains: 64, length: 200 },
    { phi: 0.98, chains: 8, length: 2500 },
  ])(
    "is unbiased and spreads as Madras & Sokal say: φ = $phi, $chains × $length",
    ({ phi, chains, length }) => {
      const tau = exactTau(phi);
      const replicas = Array.from({ length: 100 }, (_, replica) =>
        integratedAutocorrelationTime(autoregression(phi, chains, length, "spread", replica)),
      );
      const sigma = spread(tau, average(replicas.map(({ window }) => window)), chains * length);
      expect(Math.abs(average(replicas.map((found) => found.tau)) - tau)).toBeLessThan((4 * sigma) / 10);
      const deviation = Math.sqrt(average(replicas.map((found) => (found.tau - tau) ** 2)));
      expect(deviation / sigma).toBeGreaterThan(0.7);
      expect(deviation / sigma).toBeLessThan(1.3);
    },
  );

  it("handles thousands of samples of τ: φ = 0.999, τ = 999.5", () => {
    const found = integratedAutocorrelationTime(autoregression(0.999, 8, 40_000, "slow"));
    expect(Math.abs(found.tau - 999.5)).toBeLessThan(4 * spread(999.5, found.window, 320_000));
    expect(found.reliable).toBe(true);
  });

  it("stays positive, and near the truth, under strong anticorrelation", () => {
    const found = integratedAutocorrelationTime(autoregression(-0.9, 8, 20_000, "anti"));
    expect(Math.abs(found.tau - exactTau(-0.9))).toBeLessThan(0.5 * exactTau(-0.9));
    const alternating = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const periodic = integratedAutocorrelationTime([alternating]); // ρ never decays: no window can close
    expect(periodic.tau).toBeGreaterThan(0);
    expect(periodic.reliable).toBe(false);
    for (let replica = 0; replica < 200; replica++) {
      const noisy = autoregression(-0.9, 1, 60, "noisy", replica);
      expect(integratedAutocorrelationTime(noisy).tau).toBeGreaterThan(0);
    }
  });

  it("is ½ for a constant series, which proves nothing", () => {
    const constant = [new Float64Array(100).fill(0.1), new Float64Array(100).fill(0.1)];
    expect(integratedAutocorrelationTime(constant)).toEqual({ tau: 0.5, window: 0, reliable: false });
  });

  it("does not depend on scale, offset, order of chains or direction of time", () => {
    const series = autoregression(0.9, 4, 2000, "invariance");
    const { tau, window } = integratedAutocorrelationTime(series);
    const variants: Series[] = [
      mapSeries(series, (x) => 1e-3 * x),
      mapSeries(series, (x) => x + 1000),
      [...series].reverse(),
      series.map((chain) => chain.slice().reverse()),
    ];
    for (const variant of variants) {
      const other = integratedAutocorrelationTime(variant);
      expect(other.window).toBe(window);
      expect(other.tau).toBeCloseTo(tau, 8);
    }
  });

  it("says so when the chains are too short", () => {
    expect(integratedAutocorrelationTime(autoregression(0.98, 1, 1000, "short")).reliable).toBe(false);
    expect(integratedAutocorrelationTime(autoregression(0.98, 64, 50, "short")).reliable).toBe(false);
    expect(integratedAutocorrelationTime(autoregression(0, 64, 1, "short"))).toMatchObject({
      tau: 0.5,
      window: 0,
    });
  });

  it("sees chains at different levels as a plateau that never closes the window", () => {
    const shifted = autoregression(0.5, 8, 500, "levels").map((chain, c) => chain.map((x) => x + c));
    const found = integratedAutocorrelationTime(shifted);
    expect(found.window).toBe(499);
    expect(found.reliable).toBe(false);
  });

  it("refuses malformed series", () => {
    expect(() => integratedAutocorrelationTime([])).toThrow(DataError);
    expect(() => integratedAutocorrelationTime([new Float64Array(3), new Float64Array(4)])).toThrow(
      /chain 1 has 4/,
    );
    expect(() => integratedAutocorrelationTime([Float64Array.of(1, NaN, 2)])).toThrow(
      /sample 1 of chain 0 is NaN/,
    );
    expect(() => integratedAutocorrelationTime([Float64Array.of(1)])).toThrow(/at least two/);
    expect(() => integratedAutocorrelationTime([Float64Array.of(1, 2)], 0)).toThrow(DomainError);
  });
});

describe("windowed variance", () => {
  it("follows its formulas at the window it chose, against a direct evaluation", () => {
    const series = autoregression(0.8, 3, 700, "formulas");
    const found = windowedVariance(series, 6);
    const [samples, length, w] = [2100, 700, found.window];
    const lags = Array.from({ length: w + 1 }, (_, t) => covariance(series, t));
    const band = 2 * w + 1 - (w * (w + 1)) / length;
    const sum = 2 * lags.reduce((total, g) => total + g, 0) - lags[0];
    const meanVariance = sum / (samples - band);
    const variance = lags[0] + meanVariance;
    const rho = lags.map((g, t) => ((g * length) / (length - t) + meanVariance) / variance);
    expect(found.meanVariance / meanVariance).toBeCloseTo(1, 11);
    expect(found.variance / variance).toBeCloseTo(1, 11);
    expect(found.tau).toBeCloseTo(rho.reduce((total, r) => total + r, 0) - 0.5, 9);
    expect(found.degreesOfFreedom).toBeCloseTo(samples / band - 1, 9);
  });

  it("stops at the first window that the rule allows", () => {
    const series = autoregression(0.7, 2, 5000, "rule");
    const chosen = windowedVariance(series, 6);
    let tau = 0.5;
    for (let w = 1; w < chosen.window; w++) {
      tau += (covariance(series, w) * 5000) / (5000 - w) / covariance(series, 0);
      expect(w).toBeLessThan(6 * tau * 1.02); // the bias correction moves τ by less than 2 %
    }
    expect(chosen.window).toBeGreaterThan(6 * tau * 0.98);
  });

  it("agrees with Wolff's factor 1 + (2W + 1)/n to second order on one long chain", () => {
    const series = autoregression(0.5, 1, 20_000, "wolff");
    const { window, meanVariance } = windowedVariance(series, 6);
    let sum = covariance(series, 0);
    for (let t = 1; t <= window; t++) sum += 2 * covariance(series, t);
    const share = (2 * window + 1) / 20_000;
    expect(Math.abs((meanVariance * 20_000) / (sum * (1 + share)) - 1)).toBeLessThan(2 * share ** 2);
  });
});
