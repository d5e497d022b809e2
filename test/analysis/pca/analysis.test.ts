import { describe, expect, it } from "vitest";
import { analyzePca, type PcaAnalysis, type PcaOptions } from "../../../src/analysis/pca/analysis.js";
import { judgeFlow } from "../../../src/analysis/pca/verdict.js";
import type { MomentRung } from "../../../src/analysis/pca/moment-flow.js";
import { realObservations } from "../../../src/analysis/pca/observations.js";
import type { SpectralExponent } from "../../../src/analysis/pca/spectral-exponent.js";
import { commonAmplitude } from "../../../src/analysis/pca/synthetic/common-amplitude.js";
import { correlatedGaussian } from "../../../src/analysis/pca/synthetic/correlated-gaussian.js";
import { seedKey } from "../../../src/random/index.js";
import { independentSpins, inBlocks, normals } from "./random-data.js";

const defaults: PcaOptions = {
  mean: "data",
  standardize: false,
  shape: null,
  momentRows: Infinity,
  key: seedKey("analysis"),
};

function analyze(
  values: Float64Array,
  rows: number,
  options: Partial<PcaOptions> = {},
): Promise<PcaAnalysis> {
  return analyzePca(realObservations(values, rows, values.length / rows), { ...defaults, ...options });
}

const [rows, units] = [6000, 128];

/** A number for every unit of every row, made from independent N(0, 1) numbers. */
function made(seed: string, make: (z: number, row: number, unit: number) => number): Float64Array {
  return normals(rows * units, seed).map((z, k) => make(z, Math.floor(k / units), k % units));
}

/** Factors common to the units of a row. */
const factors = normals(rows * 16, "factors");

describe("the verdict", () => {
  it("on independent spins is Gaussian: sums of many are", async () => {
    const { verdict, noise, eigen } = await analyze(independentSpins(rows, units, "verdict"), rows, {
      mean: "zero",
    });
    expect(verdict.kind).toBe("Gaussian");
    expect(verdict.reason).toMatch(/; 1 with all modes$/);
    expect(eigen.values[0]).toBeLessThan(1.05 * noise.upper);
  });

  it("on a correlated Gaussian is Gaussian", async () => {
    const values = made(
      "gaussian",
      (z, row, unit) => z / (1 + unit) ** 0.4 + factors[16 * row + (unit % 16)],
    );
    expect((await analyze(values, rows)).verdict.kind).toBe("Gaussian");
  });

  it("on heavy-tailed units with Gaussian common factors is Gaussian, and the band tells the factors", async () => {
    const values = made(
      "market",
      (z, row, unit) => z ** 3 / 2 + 0.8 * factors[16 * row] + 0.7 * factors[16 * row + 1 + (unit % 8)],
    );
    const { verdict, eigen, noise } = await analyze(values, rows, { standardize: true });
    expect(verdict.kind).toBe("Gaussian");
    // Eight sectors; the market is their sum.
    expect([...eigen.values].filter((value) => value > 1.1 * noise.upper)).toHaveLength(8);
  });

  it("on unequal units that do not interact is undecided, although they stay far from Gaussian", async () => {
    const values = made("unequal", (z, _, unit) => Math.sign(z) * 1.1 ** unit);
    const { verdict, momentFlow } = await analyze(values, rows);
    expect(momentFlow[0].median).toBeLessThan(2.5);
    expect(verdict.kind).toBe("undecided");
    expect(verdict.reason).toMatch(/independent units seen through these modes do the same/);
  });

  it("on a Gaussian with an amplitude that all units share is undecided, although it has a plateau", async () => {
    const field = correlatedGaussian(rows, [12, 12], 7 / 8, seedKey("field"));
    const data = commonAmplitude(field, seedKey("amplitude"));
    const { verdict } = await analyzePca(data, { ...defaults, shape: [12, 12] });
    expect(verdict.kind).toBe("undecided");
    expect(verdict.reason).toMatch(/as under a common amplitude/);
  });

  it("on two-valued collective order is undecided", async () => {
    const values = made("order", (z, row) => Math.sign(factors[16 * row]) * (z > -1.5 ? 1 : -1));
    const { verdict } = await analyze(values, rows, { mean: "zero" });
    expect(verdict.kind).toBe("undecided");
    expect(verdict.reason).toMatch(/two values.*ordered phase/);
  });

  it("on a plateau far from 3 with a power-law spectrum is a fixed point, and each condition counts", () => {
    const rung = (modes: number, median: number, independent = 2.9): MomentRung => ({
      end: "largest",
      modes,
      fraction: modes / 1024,
      median,
      lowerQuartile: median,
      upperQuartile: median,
      interval: [median, median],
      standardError: 0.01,
      independent,
    });
    const flow = (m: (modes: number) => number, independent?: number): MomentRung[] =>
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((modes) => rung(modes, m(modes), independent));
    const spectrum = {
      inverseAlpha: 0.87,
      straight: true,
      halves: [0.85, 0.89],
    } as unknown as SpectralExponent;
    const plateau = flow((modes) => (modes < 1024 ? 1.3 : 1));
    expect(judgeFlow(plateau, spectrum).kind).toBe("non-Gaussian fixed point");
    expect(judgeFlow(plateau, spectrum).reason).toMatch(
      /m = 1\.3 … 1\.3 between 4 modes and 128.*1\/α = 0\.87/,
    );
    const reasonOf = (rungs: MomentRung[], other = spectrum): string => {
      expect(judgeFlow(rungs, other).kind).toBe("undecided");
      return judgeFlow(rungs, other).reason;
    };
    expect(reasonOf(plateau, { ...spectrum, straight: false })).toMatch(
      /no power law \(1\/α = 0\.85 and 0\.89/,
    );
    expect(reasonOf(plateau, { ...spectrum, straight: false, halves: [NaN, 1] })).toMatch(/too short/);
    expect(reasonOf(flow(() => 1.3, 1.35))).toMatch(/independent units/);
    expect(reasonOf(flow((modes) => (modes < 4 ? 1.05 : 1.3)))).toMatch(/two values/);
    expect(reasonOf(flow((modes) => 2.2 - 0.1 * Math.log2(modes)))).toMatch(/no plateau/);
    const short = (median: number): MomentRung[] =>
      [4, 8, 16, 128].map((modes) => ({ ...rung(modes, median), end: "smallest" as const }));
    expect(judgeFlow([...plateau, ...short(3.1)], spectrum).kind).toBe("non-Gaussian fixed point");
    expect(judgeFlow([...plateau, ...short(2.3)], spectrum).kind).toBe("non-Gaussian fixed point");
    expect(reasonOf([...plateau, ...short(1.6)])).toMatch(/smallest variance have it too.*common amplitude/);
    expect(reasonOf(plateau.slice(0, 6))).toMatch(/too few for a plateau/);
    expect(reasonOf(plateau.map((r) => ({ ...r, standardError: 2 })))).toMatch(/too wild/);
    expect(
      judgeFlow(
        flow((modes) => 3.01 + modes / 300),
        spectrum,
      ).kind,
    ).toBe("Gaussian");
  });
});

describe("the whole analysis", () => {
  it("is a function of data and options, however the rows are handed out", async () => {
    const values = made("blocks", (z, row) => z + factors[16 * row]);
    const one = await analyze(values, rows);
    const other = await analyzePca(inBlocks(values, rows, units, 256), defaults);
    expect(other).toEqual(one);
    const uneven = await analyzePca(inBlocks(values, rows, units, 101), defaults);
    uneven.eigen.values.forEach((value, k) => {
      expect(Math.abs(value - one.eigen.values[k])).toBeLessThan(1e-10);
    });
    uneven.momentFlow.forEach(({ median }, k) => {
      expect(Math.abs(median - one.momentFlow[k].median)).toBeLessThan(1e-10);
    });
  });

  it("tells its steps", async () => {
    const steps: string[] = [];
    await analyzePca(realObservations(normals(40, "steps"), 10, 4), defaults, (step) => {
      steps.push(step);
    });
    expect(steps).toEqual(["covariance", "principal components", "fourth moments", "flows"]);
  });
});
