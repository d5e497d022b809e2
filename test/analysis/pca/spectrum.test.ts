import { describe, expect, it } from "vitest";
import { covariance } from "../../../src/analysis/pca/covariance.js";
import { fourierSpectrum } from "../../../src/analysis/pca/fourier-spectrum.js";
import { marchenkoPasturBand } from "../../../src/analysis/pca/marchenko-pastur.js";
import { realObservations } from "../../../src/analysis/pca/observations.js";
import { fitPowerLaw } from "../../../src/analysis/pca/power-law.js";
import { fittedMomenta, fittedRanks, spectralExponent } from "../../../src/analysis/pca/spectral-exponent.js";
import { DomainError } from "../../../src/errors/index.js";
import { seedKey } from "../../../src/random/index.js";
import { symmetricEigenvalues } from "../../../src/statistics/symmetric-eigen.js";
import { inBlocks, normals } from "./random-data.js";

describe("the Fourier spectrum", () => {
  it.each([[[7]], [[8]], [[4, 6]], [[5, 3]], [[2, 2]], [[6, 5]]])(
    "on a lattice %j is |Σ φ e^{−ik·r}|²/N, mode by mode",
    (shape) => {
      const [width, height] = shape.length === 1 ? [1, shape[0]] : shape;
      const sites = width * height;
      const rows = 11;
      const values = normals(rows * sites, "fields");
      const means = normals(sites, "means");
      const found = fourierSpectrum(inBlocks(values, rows, sites, 4), means, shape, 3);
      const at = (axis: number, mode: number): number => found.waves.at(axis - 2)?.[mode] ?? 0;
      for (let mode = 0; mode < sites; mode++) {
        const [nx, ny] = [at(0, mode), at(1, mode)];
        let power = 0;
        for (let s = 0; s < rows; s++) {
          let [real, imaginary] = [0, 0];
          for (let site = 0; site < sites; site++) {
            const angle =
              2 * Math.PI * ((nx * Math.floor(site / height)) / width + (ny * (site % height)) / height);
            const phi = values[s * sites + site] - means[site];
            real += phi * Math.cos(angle);
            imaginary += phi * Math.sin(angle);
          }
          power += (real ** 2 + imaginary ** 2) / (rows * sites);
        }
        expect(found.structure[mode]).toBeCloseTo(power, 12);
        const khat = Math.hypot(2 * Math.sin((Math.PI * nx) / width), 2 * Math.sin((Math.PI * ny) / height));
        expect(found.magnitudes[mode]).toBeCloseTo(khat, 14);
        expect([2 * nx > -width, 2 * nx <= width, 2 * ny > -height, 2 * ny <= height]).not.toContain(false);
      }
      const groupRows = [4, 4, 3];
      const joined = found.structure.map((_, mode) =>
        found.groups.reduce((sum, group, g) => sum + (groupRows[g] / rows) * group[mode], 0),
      );
      joined.forEach((value, mode) => {
        expect(value).toBeCloseTo(found.structure[mode], 12);
      });
    },
  );

  it("is the set of eigenvalues of a translation-invariant covariance", () => {
    // All translates of a few fields: their covariance is invariant exactly.
    const [width, height, fields] = [4, 6, 3];
    const sites = width * height;
    const base = normals(fields * sites, "translates");
    const rows = fields * sites;
    const values = Float64Array.from({ length: rows * sites }, (_, k) => {
      const [row, site] = [Math.floor(k / sites), k % sites];
      const [field, shift] = [Math.floor(row / sites), row % sites];
      const x = (Math.floor(site / height) + Math.floor(shift / height)) % width;
      const y = ((site % height) + (shift % height)) % height;
      return base[field * sites + x * height + y];
    });
    const observations = realObservations(values, rows, sites);
    const eigenvalues = symmetricEigenvalues(covariance(observations, "zero").matrix, sites);
    const { structure } = fourierSpectrum(observations, new Float64Array(sites), [width, height], 4);
    structure
      .toSorted((a, b) => b - a)
      .forEach((value, k) => {
        expect(value).toBeCloseTo(eigenvalues[k], 11);
      });
  });

  it("refuses a lattice of another size", () => {
    const observations = realObservations(new Float64Array(20), 2, 10);
    expect(() => fourierSpectrum(observations, new Float64Array(10), [3, 3], 4)).toThrow(DomainError);
  });
});

describe("the noise band", () => {
  it("holds the eigenvalues of uncorrelated units, to its edges' fluctuations", () => {
    const [rows, units, deviation] = [2000, 200, 3];
    const values = normals(rows * units, "noise").map((x) => deviation * x);
    const eigenvalues = symmetricEigenvalues(
      covariance(realObservations(values, rows, units), "zero").matrix,
      units,
    );
    const band = marchenkoPasturBand(units, rows, deviation ** 2);
    expect(band.upper).toBeCloseTo(9 * (1 + Math.sqrt(0.1)) ** 2, 12);
    // Edge eigenvalues fluctuate by about 2 % at this size (Tracy–Widom).
    expect(Math.abs(eigenvalues[0] / band.upper - 1)).toBeLessThan(0.06);
    expect(Math.abs(eigenvalues[units - 1] / band.lower - 1)).toBeLessThan(0.06);
  });

  it("begins at zero where units outnumber samples, and refuses nonsense", () => {
    expect(marchenkoPasturBand(400, 100, 1)).toEqual({ lower: 0, upper: 9 });
    expect(() => marchenkoPasturBand(0, 10, 1)).toThrow(DomainError);
  });
});

describe("power laws", () => {
  const x = Float64Array.from({ length: 40 }, (_, k) => k + 1);

  it("are found exactly, and their halves agree", () => {
    const { slope, halves } = fitPowerLaw(
      x,
      x.map((value) => 7 * value ** -0.875),
    );
    expect(slope).toBeCloseTo(-0.875, 12);
    expect(halves[0]).toBeCloseTo(-0.875, 12);
    expect(halves[1]).toBeCloseTo(-0.875, 12);
  });

  it("give no slope to too few points, to zeros, or to half a range without width", () => {
    expect(fitPowerLaw([1, 2, 3], [1, 2, 3]).slope).toBeNaN();
    expect(
      fitPowerLaw(
        x,
        x.map((value) => value - 1),
      ).slope,
    ).toBeNaN();
    expect(fitPowerLaw([1, 10, 10, 10, 10, 10], [1, 2, 2, 2, 2, 2]).halves).toEqual([NaN, NaN]);
  });

  it("have an interval that covers the truth about 95 times in 100, and tells a curve", () => {
    const fitted = Array.from(x, (_, k) => k);
    const trials = 60;
    let [covered, counted] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      // Variances of 50 rows of independent Gaussian modes in each of 32 groups.
      const groups = Array.from({ length: 32 }, (_, g) => {
        const z = normals(50 * 40, "modes", 100 * trial + g);
        return x.map((value, k) => {
          let sum = 0;
          for (let s = 0; s < 50; s++) sum += z[s * 40 + k] ** 2 / 50;
          return sum * value ** -0.875;
        });
      });
      const { interval, standardError, inverseAlpha } = spectralExponent(
        { x, fitted, rankPower: 1 },
        groups,
        seedKey(trial),
      );
      // √(2/1600) for each of 40 modes, over √(Σ (ln n − mean)²) = 5.4.
      expect(standardError).toBeGreaterThan(0.0065 * 0.5);
      expect(standardError).toBeLessThan(0.0065 * 1.7);
      if (Math.abs(inverseAlpha - 0.875) < 1.96 * standardError) covered++;
      if (interval[0] < 0.875 && interval[1] > 0.875) counted++;
    }
    // Binomial: 57 ± 1.7 of 60; the interval that counts the curvature is wider.
    expect(covered).toBeGreaterThanOrEqual(51);
    expect(counted).toBeGreaterThanOrEqual(Math.max(54, covered));
    const curve = x.map((value) => Math.exp(-value / 10));
    const bent = spectralExponent({ x, fitted, rankPower: 1 }, [curve, curve], seedKey(1));
    expect(bent.straight).toBe(false);
    expect(bent.interval[1] - bent.interval[0]).toBeGreaterThan(1);
  });

  it("turn momenta into ranks: S ∝ k^{−7/4} in two dimensions is n^{−7/8}", () => {
    const k = x.map((value) => value / 40);
    const s = k.map((value) => value ** -1.75);
    const fitted = Array.from(x, (_, mode) => mode);
    const { inverseAlpha, alpha } = spectralExponent({ x: k, fitted, rankPower: 0.5 }, [s, s], seedKey(1));
    expect(inverseAlpha).toBeCloseTo(7 / 8, 12);
    expect(alpha).toBeCloseTo(8 / 7, 12);
  });

  it("are fitted where the rule says", () => {
    expect(fittedRanks(1000)).toEqual([6, 100]);
    expect(fittedRanks(40)).toEqual([2, 10]);
    expect(fittedMomenta([64, 128])[0]).toBeCloseTo((6 * Math.PI) / 64, 14);
    expect(fittedMomenta([64, 128])[1]).toBe(1);
    // Beyond the first shell, below the second.
    expect(fittedMomenta([16, 16])[0]).toBeGreaterThan(2 * Math.sin(Math.PI / 16));
    expect(fittedMomenta([16, 16])[0]).toBeLessThan(2 * Math.SQRT2 * Math.sin(Math.PI / 16));
    expect(fittedMomenta([16, 16])[1]).toBe(1.5);
  });
});
