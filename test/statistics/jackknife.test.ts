import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../src/errors/index.js";
import { estimateMean, jackknife, type JackknifeEstimate, variance } from "../../src/statistics/index.js";
import { autoregression, average, mapSeries } from "./autoregression.js";

const REPLICAS = 400;
const first = ([value]: readonly number[]): number => value;
const fluctuation = ([square, plain]: readonly number[]): number => square - plain * plain;
const ratio = ([above, below]: readonly number[]): number => above / below;

function spread(estimates: readonly JackknifeEstimate[], exact: number): number {
  return Math.sqrt(average(estimates.map(({ value, error }) => ((value - exact) / error) ** 2)));
}

describe("the jackknife of a mean", () => {
  it("is s/√n when every sample is a block", () => {
    for (const [chains, length] of [
      [1, 60],
      [60, 1],
      [4, 15],
    ]) {
      const series = autoregression(0, chains, length, "mean");
      const values = series.flatMap((chain) => [...chain]);
      const found = jackknife([series], first, 60);
      expect(found.blocks).toBe(60);
      expect(found.value).toBeCloseTo(average(values), 12);
      expect(found.error).toBeCloseTo(Math.sqrt(variance(values) / 60), 12);
    }
  });

  it("is the scatter of block means for equal blocks", () => {
    const [chain] = autoregression(0.5, 1, 120, "blocks");
    const means = Array.from({ length: 10 }, (_, j) => average([...chain.subarray(12 * j, 12 * (j + 1))]));
    const found = jackknife([[chain]], first, 10);
    expect(found.error).toBeCloseTo(Math.sqrt(variance(means) / 10), 12);
    expect(found.plugIn).toBeCloseTo(found.value, 12);
  });

  it("with unequal blocks follows Busing et al., evaluated directly", () => {
    const [chain] = autoregression(0.5, 1, 23, "unequal");
    const bounds = [0, 5, 11, 17, 23]; // ⌊23 j/4⌋
    const square = ([m]: readonly number[]): number => m * m;
    const theta = average([...chain]) ** 2;
    const h = [5, 6, 6, 6].map((m) => 23 / m);
    const without = h.map(
      (_, j) => average([...chain].filter((_value, i) => i < bounds[j] || i >= bounds[j + 1])) ** 2,
    );
    const value = 4 * theta - h.reduce((sum, hj, j) => sum + (1 - 1 / hj) * without[j], 0);
    const terms = h.map((hj, j) => (hj * theta - (hj - 1) * without[j] - value) ** 2 / (hj - 1));
    const found = jackknife([[chain]], square, 4);
    expect(found.value).toBeCloseTo(value, 12);
    expect(found.error).toBeCloseTo(Math.sqrt(average(terms)), 12);
    expect(found.plugIn).toBeCloseTo(theta, 14);
  });
});

describe("bias correction", () => {
  it("turns the plug-in variance of independent data into the unbiased one, exactly", () => {
    const series = autoregression(0, 1, 40, "bias");
    const columns = [mapSeries(series, (x) => x * x), series];
    const { value, plugIn } = jackknife(columns, fluctuation, 40);
    expect(value).toBeCloseTo(variance(series[0]), 12);
    expect(plugIn).toBeCloseTo((variance(series[0]) * 39) / 40, 12);
  });
});

describe("the automatic jackknife over 400 replicas", () => {
  it.each([
    { phi: 0, chains: 1, length: 1000 },
    { phi: 0, chains: 200, length: 1 },
    { phi: 0.5, chains: 64, length: 4 },
    { phi: 0.9, chains: 1, length: 4000 },
    { phi: 0.9, chains: 8, length: 800 },
    { phi: 0.9, chains: 64, length: 50 },
    { phi: 0.95, chains: 8, length: 800 },
    { phi: 0.98, chains: 64, length: 60 },
  ])(
    "is calibrated for the variance and for a ratio: φ = $phi, $chains × $length",
    ({ phi, chains, length }) => {
      const fluctuations: JackknifeEstimate[] = [];
      const ratios: JackknifeEstimate[] = [];
      for (let r = 0; r < REPLICAS; r++) {
        const series = autoregression(phi, chains, length, "jackknife", r);
        const squares = mapSeries(series, (x) => x * x);
        fluctuations.push(jackknife([squares, series], fluctuation)); // exact: 1
        const above = mapSeries(series, (x) => 3 + x + x * x);
        const below = mapSeries(series, (x) => 4 + x); // exact: (3 + 1)/4
        ratios.push(jackknife([above, below], ratio));
      }
      const blocks = average(fluctuations.map((estimate) => estimate.blocks));
      expect(blocks).toBeGreaterThanOrEqual(16);
      expect(Math.abs(spread(fluctuations, 1) - 1)).toBeLessThan(0.15);
      expect(Math.abs(spread(ratios, 1) - 1)).toBeLessThan(0.15);
      const bias = average(fluctuations.map(({ value }) => value)) - 1;
      const error = Math.sqrt(average(fluctuations.map((estimate) => estimate.error ** 2)) / REPLICAS);
      expect(Math.abs(bias)).toBeLessThan(4 * error);
      expect([...fluctuations, ...ratios].filter(({ reliable }) => reliable).length).toBe(2 * REPLICAS);
    },
  );

  it("gives the error of the mean that autocorrelations give", () => {
    const series = autoregression(0.9, 8, 10_000, "agreement");
    const found = jackknife([series], first);
    const expected = estimateMean(series).error;
    expect(Math.abs(found.error / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * found.blocks));
  });
});

describe("the choice of blocks", () => {
  it("takes whole chains, and says how few, when τ does not fit into a chain", () => {
    expect(jackknife([autoregression(0.98, 4, 50, "few")], first)).toMatchObject({
      blocks: 4,
      reliable: false,
    });
    expect(jackknife([autoregression(0.98, 40, 50, "few")], first)).toMatchObject({
      blocks: 40,
      reliable: true,
    });
    expect(jackknife([autoregression(0.98, 1, 200, "few")], first).reliable).toBe(false);
  });

  it("deletes whole chains when they have not mixed", () => {
    const series = autoregression(0.5, 8, 5000, "levels").map((chain, c) =>
      chain.map((x) => x + 0.2 * (c % 2)),
    );
    const found = jackknife([series], first);
    const means = series.map((chain) => average([...chain]));
    expect(found).toMatchObject({ blocks: 8, reliable: false });
    expect(found.error).toBeCloseTo(Math.sqrt(variance(means) / 8), 12);
  });

  it("never lets a block cross chains: a wanted total is spread evenly", () => {
    const series = autoregression(0, 6, 50, "spread");
    expect(jackknife([series], first, 20).blocks).toBe(18);
    expect(jackknife([series], first, 2).blocks).toBe(6);
  });
});

describe("at the edges the jackknife", () => {
  it("gives NaN, not a number, where f is undefined", () => {
    const series = autoregression(0, 1, 100, "undefined");
    const found = jackknife([series], ([m]) => Math.sqrt(-1 - m * m), 10);
    expect(found.value).toBeNaN();
    expect(found.error).toBeNaN();
  });

  it("gives error 0 for constants", () => {
    expect(jackknife([[new Float64Array(100).fill(3)]], ([m]) => m * m)).toMatchObject({
      value: 9,
      error: 0,
    });
  });

  it("refuses columns of unequal shape and impossible blocks", () => {
    const series = autoregression(0, 2, 10, "shapes");
    expect(() => jackknife([series, [series[0]]], ratio)).toThrow(/column 1 has 1 chains of 10 samples/);
    expect(() => jackknife([], () => 1)).toThrow(DataError);
    expect(() => jackknife([[Float64Array.of(1)]], first)).toThrow(/at least two/);
    expect(() => jackknife([series], first, 1)).toThrow(DomainError);
    expect(() => jackknife([series], first, 21)).toThrow(DomainError);
  });
});
