import { describe, expect, it } from "vitest";
import { analyzePca } from "../../src/analysis/pca/analysis.js";
import { covariance } from "../../src/analysis/pca/covariance.js";
import { fourierSpectrum } from "../../src/analysis/pca/fourier-spectrum.js";
import { modeMoments } from "../../src/analysis/pca/mode-moments.js";
import { total } from "../../src/analysis/pca/moment-flow.js";
import { bitObservations, type Observations } from "../../src/analysis/pca/observations.js";
import { fittedMomenta, spectralExponent } from "../../src/analysis/pca/spectral-exponent.js";
import { chooseUnits } from "../../src/analysis/pca/units.js";
import { torus } from "../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../src/ising/model.js";
import { sampleIsing } from "../../src/ising/sample.js";
import { seedKey } from "../../src/random/index.js";
import { leastSquares } from "../../src/statistics/index.js";
import { symmetricEigen } from "../../src/statistics/symmetric-eigen.js";
import { kernels } from "./kernels.js";

async function ising(side: number, coupling: number, samples: number): Promise<Observations> {
  const { configurations } = await sampleIsing(
    isingModel(torus(side, side), coupling),
    { samples, algorithm: "wolff", chains: 128, thermalization: "auto", spacing: "auto", start: "auto" },
    seedKey("pca"),
    kernels,
  );
  return bitObservations(configurations);
}

/** ⟨a⁴⟩/⟨a²⟩² of the leading mode, which is that of every site at f = 1/N, and its error from groups of rows. */
async function lastMode(side: number, coupling: number, samples: number): Promise<[number, number]> {
  const observations = await ising(side, coupling, samples);
  const units = chooseUnits(covariance(observations, "zero"), false);
  const eigen = symmetricEigen(units.covariance, units.count);
  const moments = modeMoments(observations, units, eigen, {
    ladder: Uint32Array.of(1, units.count),
    mostRows: Infinity,
    groups: 32,
  });
  const ratio = (groups: number[]): number => {
    const { squares, fourths } = total(moments.largest[0], groups);
    const rows = groups.reduce((sum, g) => sum + moments.groupRows[g], 0);
    return (fourths[0] * rows) / squares[0] ** 2;
  };
  const every = Array.from({ length: 32 }, (_, g) => g);
  const whole = ratio(every);
  const squares = every.map((left) => (ratio(every.filter((g) => g !== left)) - whole) ** 2);
  return [whole, Math.sqrt((31 / 32) * squares.reduce((sum, square) => sum + square, 0))];
}

describe("PCA of the Ising model", () => {
  it("as f → 1/N the normalised fourth moment is 3 above T_c and 1 below", async () => {
    const [above, error] = await lastMode(16, 0.2, 4000);
    // 3 − m falls like (ξ/L)², and ξ = 0.8: some 0.02 are left at L = 16.
    expect(Math.abs(above - 3)).toBeLessThan(4 * error + 0.06);
    const [below] = await lastMode(16, 0.55, 2000);
    expect(below).toBeGreaterThan(1);
    expect(below).toBeLessThan(1.005);
  });

  it("and 3(1 − 0.61069) = 1.168 at T_c, extrapolated in L", async () => {
    const sides = [8, 12, 16, 24];
    const measured: [number, number][] = [];
    for (const side of sides) measured.push(await lastMode(side, CRITICAL_COUPLING, 6000));
    const { coefficients, standardErrors } = leastSquares(
      [sides.map(() => 1), sides.map((side) => side ** -2)],
      measured.map(([value]) => value),
      measured.map(([, error]) => error),
    );
    expect(standardErrors[0]).toBeLessThan(0.01);
    expect(Math.abs(coefficients[0] - 3 * (1 - 0.61069))).toBeLessThan(0.02);
  });

  it("the translation-averaged spectrum at T_c falls like n^{−7/8}", async () => {
    const side = 64;
    const observations = await ising(side, CRITICAL_COUPLING, 3000);
    const { magnitudes, groups } = fourierSpectrum(
      observations,
      new Float64Array(side * side),
      [side, side],
      32,
    );
    const [lowest, highest] = fittedMomenta([side, side]);
    const fitted = [...magnitudes.keys()].filter(
      (mode) => magnitudes[mode] >= lowest && magnitudes[mode] <= highest,
    );
    const found = spectralExponent({ x: magnitudes, fitted, rankPower: 0.5 }, groups, seedKey(1));
    expect(found.standardError).toBeLessThan(0.015);
    expect(Math.abs(found.inverseAlpha - 7 / 8)).toBeLessThan(0.05);
    expect(found.interval[0]).toBeLessThan(7 / 8);
    expect(found.interval[1]).toBeGreaterThan(7 / 8);
    expect(found.straight).toBe(true);
  });

  it.each([
    [0.3, "Gaussian"],
    [CRITICAL_COUPLING, "non-Gaussian fixed point"],
    [0.5, "undecided"],
  ])("the verdict at K = %f is %s", async (coupling, kind) => {
    const { verdict, momentFlow, couplingFlow, eigen } = await analyzePca(await ising(16, coupling, 4000), {
      mean: "zero",
      standardize: false,
      shape: [16, 16],
      momentRows: Infinity,
      key: seedKey("verdict"),
    });
    expect(verdict.kind).toBe(kind);
    const full = momentFlow.filter(({ end }) => end === "largest").at(-1)!;
    expect([full.median, full.lowerQuartile, full.upperQuartile]).toEqual([1, 1, 1]);
    // One mode u: g̃ = (3 − m)/(24 N Σ u⁴) whatever the model.
    const { reduced, loopSize } = couplingFlow[0];
    const spread = 256 * eigen.vectors.subarray(0, 256).reduce((sum, u) => sum + u ** 4, 0);
    expect(reduced).toBeCloseTo((3 - momentFlow[0].median) / (24 * spread), 10);
    if (kind === "Gaussian") expect(loopSize).toBeLessThan(0.5);
    else expect(loopSize).toBeGreaterThan(2);
  });
});
