import { describe, expect, it } from "vitest";
import { analyzePca } from "../../../src/analysis/pca/analysis.js";
import { covariance } from "../../../src/analysis/pca/covariance.js";
import { fourierSpectrum } from "../../../src/analysis/pca/fourier-spectrum.js";
import { modeMoments } from "../../../src/analysis/pca/mode-moments.js";
import { total } from "../../../src/analysis/pca/moment-flow.js";
import type { Observations } from "../../../src/analysis/pca/observations.js";
import { removeLeadingModes } from "../../../src/analysis/pca/remove-modes.js";
import { commonAmplitude } from "../../../src/analysis/pca/synthetic/common-amplitude.js";
import {
  correlatedGaussian,
  powerLawSpectrum,
} from "../../../src/analysis/pca/synthetic/correlated-gaussian.js";
import { independentSpins } from "../../../src/analysis/pca/synthetic/independent-spins.js";
import { LAPLACE, market, marketReturns, sectorOf } from "../../../src/analysis/pca/synthetic/market.js";
import {
  cellInput,
  neuralPopulation,
  population,
} from "../../../src/analysis/pca/synthetic/neural-population.js";
import { SPREAD, unequalDeviation, unequalUnits } from "../../../src/analysis/pca/synthetic/unequal-units.js";
import { chooseUnits } from "../../../src/analysis/pca/units.js";
import { seedKey } from "../../../src/random/index.js";
import { symmetricEigen } from "../../../src/statistics/symmetric-eigen.js";

/** All rows, row-major. */
function valuesOf(data: Observations): Float64Array {
  const out = new Float64Array(data.rows * data.columns);
  data.forEachBlock((values, rows, first) => {
    out.set(values.subarray(0, rows * data.columns), first * data.columns);
  });
  return out;
}

/** ⟨x⁴⟩/⟨x²⟩² of one column. */
function fourthMoment(values: Float64Array, columns: number, column: number, mean = 0): number {
  let [second, fourth, rows] = [0, 0, 0];
  for (let k = column; k < values.length; k += columns) {
    const square = (values[k] - mean) ** 2;
    second += square;
    fourth += square * square;
    rows++;
  }
  return (fourth * rows) / second ** 2;
}

/** ∫ f(z) φ(z) dz of the standard normal density; the sum over a grid is exact to rounding for smooth f. */
function overDrives(f: (z: number) => number): number {
  let sum = 0;
  for (let z = -9; z <= 9; z += 0.01) sum += (0.01 * f(z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  return sum;
}

describe("synthetic data", () => {
  const rows = 5000;

  it("independent spins are ±1, fair and uncorrelated", () => {
    const units = 40;
    const data = independentSpins(rows, units, seedKey("spins"));
    expect(data.bits).not.toBeNull();
    const { matrix, means } = covariance(data, "data");
    for (let i = 0; i < units; i++) {
      expect(Math.abs(means[i])).toBeLessThan(4.5 / Math.sqrt(rows));
      for (let j = 0; j < i; j++) expect(Math.abs(matrix[i * units + j])).toBeLessThan(4.5 / Math.sqrt(rows));
    }
    expect(valuesOf(data)).toEqual(valuesOf(independentSpins(rows, units, seedKey("spins"))));
    expect(valuesOf(data)).not.toEqual(valuesOf(independentSpins(rows, units, seedKey("others"))));
  });

  it("unequal units have the fourth moment 1 exactly, deviations from 1 to SPREAD, and no correlations", () => {
    const units = 30;
    const data = unequalUnits(rows, units, seedKey("unequal"));
    const { matrix } = covariance(data, "zero");
    const values = valuesOf(data);
    expect(unequalDeviation(0, units)).toBe(1);
    expect(unequalDeviation(units - 1, units) / SPREAD).toBeCloseTo(1, 12);
    for (let i = 0; i < units; i++) {
      const deviation = unequalDeviation(i, units);
      expect(matrix[i * units + i] / deviation ** 2).toBeCloseTo(1, 12);
      expect(fourthMoment(values, units, i)).toBeCloseTo(1, 12);
      if (i > 0) expect(deviation / unequalDeviation(i - 1, units)).toBeCloseTo(SPREAD ** (1 / 29), 12);
      for (let j = 0; j < i; j++) {
        const correlation = matrix[i * units + j] / (deviation * unequalDeviation(j, units));
        expect(Math.abs(correlation)).toBeLessThan(4.5 / Math.sqrt(rows));
      }
    }
  });

  it.each([[[64]], [[6, 8]]])(
    "a correlated Gaussian on %j has the spectrum asked for, and m = 3",
    (shape) => {
      const sites = shape.reduce((a, b) => a * b);
      const asked = powerLawSpectrum(shape, 7 / 8);
      const data = correlatedGaussian(rows + 1, shape, 7 / 8, seedKey("gaussian"));
      expect(data.rows).toBe(rows + 1);
      const found = fourierSpectrum(data, new Float64Array(sites), shape, 4);
      asked.forEach((s, mode) => {
        // |φ_k|² has the relative variance 2 for real modes, 1 for complex ones.
        expect(Math.abs(found.structure[mode] / s - 1)).toBeLessThan(4.5 * Math.sqrt(2 / rows));
        const k = found.magnitudes[mode];
        if (k > 0) expect(s).toBeCloseTo(k ** ((-7 / 8) * shape.length), 12);
      });
      const values = valuesOf(data);
      for (let i = 0; i < sites; i++) {
        expect(Math.abs(fourthMoment(values, sites, i) - 3)).toBeLessThan(4.5 * Math.sqrt(24 / rows));
      }
      const fewer = correlatedGaussian(3, shape, 7 / 8, seedKey("gaussian"));
      expect(valuesOf(fewer)).toEqual(values.subarray(0, 3 * sites));
    },
  );

  it("a common amplitude keeps the covariance and makes the fourth moment 6 through any modes", () => {
    const [samples, units] = [20_000, 24];
    const data = commonAmplitude(
      correlatedGaussian(samples, [units], 7 / 8, seedKey("field")),
      seedKey("volatility"),
    );
    const asked = powerLawSpectrum([units], 7 / 8);
    const found = fourierSpectrum(data, new Float64Array(units), [units], 4).structure;
    // Var |φ_k|⁴ of a complex mode: ⟨w²⟩ 2 − 1 = 3; of a real one ⟨w²⟩ 3 − 1 = 5.
    asked.forEach((s, mode) => {
      expect(Math.abs(found[mode] / s - 1)).toBeLessThan(4.5 * Math.sqrt(5 / samples));
    });
    // Modes of other rows: in the same ones those of large amplitude have a say in what the modes are.
    const other = covariance(correlatedGaussian(samples, [units], 7 / 8, seedKey("modes")), "zero");
    const chosen = chooseUnits(other, false);
    const moments = modeMoments(data, chosen, symmetricEigen(chosen.covariance, units), {
      ladder: Uint32Array.of(1, 3, 8, 24),
      mostRows: Infinity,
      groups: 32,
    });
    for (const sums of moments.largest) {
      const { squares, fourths } = total(sums, null);
      // ⟨φ⁸⟩/⟨φ⁴⟩² = ⟨w⁴⟩ 105/(3⟨w²⟩)² = 70: a relative error of √(70/20,000) = 0.06.
      squares.forEach((square, i) => {
        expect(Math.abs((fourths[i] * samples) / square ** 2 - 6)).toBeLessThan(4 * 0.06 * 6);
      });
    }
  });

  it("a market has the closed-form covariance, its eigenvalues, and heavy tails", () => {
    const units = 60;
    const { sectors, marketShare: a, sectorShare: b } = market;
    const data = marketReturns(20_000, units, seedKey("market"));
    const { matrix } = covariance(data, "zero");
    const own = 1 - a - b;
    for (let i = 0; i < units; i++) {
      for (let j = 0; j <= i; j++) {
        const expected = i === j ? 1 : a + (sectorOf(i, units) === sectorOf(j, units) ? b : 0);
        // Var(φ_i φ_j) ≤ 5 for Laplace factors: a fourth moment of 6 less the square of the mean.
        expect(Math.abs(matrix[i * units + j] - expected)).toBeLessThan(4.5 * Math.sqrt(5 / 20_000));
      }
    }
    const exact = Float64Array.from({ length: units * units }, (_, k) => {
      const [i, j] = [Math.floor(k / units), k % units];
      return (i === j ? own : 0) + a + (sectorOf(i, units) === sectorOf(j, units) ? b : 0);
    });
    const { values } = symmetricEigen(exact, units);
    const sector = own + (b * units) / sectors;
    expect(values[0]).toBeCloseTo(sector + a * units, 10);
    for (let k = 1; k < units; k++) expect(values[k]).toBeCloseTo(k < sectors ? sector : own, 10);
    const all = valuesOf(data);
    const expected = 3 + (LAPLACE - 3) * (a * a + b * b + own * own);
    let mean = 0;
    for (let i = 0; i < units; i++) mean += fourthMoment(all, units, i) / units;
    expect(Math.abs(mean - expected)).toBeLessThan(0.15);
  });

  it("a neural population fires at the rates of its inputs, its cells bound by the drive alone", () => {
    const cells = 24;
    const data = neuralPopulation(rows, cells, seedKey("neurons"));
    const rate = (cell: number, z: number): number =>
      1 / (1 + Math.exp(-(cellInput(cell, cells) + population.drive * z)));
    const { matrix, means } = covariance(data, "data");
    for (let i = 0; i < cells; i++) {
      const mean = 2 * overDrives((z) => rate(i, z)) - 1;
      const variance = 1 - mean * mean;
      expect(Math.abs(means[i] - mean)).toBeLessThan(4.5 * Math.sqrt(variance / rows));
      for (let j = 0; j < i; j++) {
        const joint = overDrives((z) => rate(i, z) * rate(j, z));
        const expected = 4 * (joint - overDrives((z) => rate(i, z)) * overDrives((z) => rate(j, z)));
        expect(Math.abs(matrix[i * cells + j] - expected)).toBeLessThan(4.5 * Math.sqrt((16 * joint) / rows));
      }
      const p = (1 + means[i]) / 2;
      expect(fourthMoment(valuesOf(data), cells, i, means[i])).toBeCloseTo(1 / (p * (1 - p)) - 3, 9);
    }
  });
});

describe("removing the leading modes", () => {
  it("leaves the other eigenvalues, and every row without its part in them", async () => {
    const [units, removed] = [40, 7];
    const data = marketReturns(1000, units, seedKey("remove"));
    const options = { mean: "data", standardize: false, shape: null, momentRows: Infinity } as const;
    const analysis = await analyzePca(data, { ...options, key: seedKey("analysis") });
    const rest = removeLeadingModes(data, analysis.units, analysis.eigen, removed);
    const { vectors, values } = analysis.eigen;
    const left = symmetricEigen(chooseUnits(covariance(rest, "zero"), false).covariance, units).values;
    for (let k = 0; k < units; k++) {
      expect(left[k]).toBeCloseTo(k < units - removed ? values[k + removed] : 0, 10);
    }
    const [own, before] = [valuesOf(rest), valuesOf(data)];
    for (const row of [0, 300, 999]) {
      for (let mode = 0; mode < units; mode++) {
        let [amplitude, former] = [0, 0];
        for (let i = 0; i < units; i++) {
          amplitude += vectors[mode * units + i] * own[row * units + i];
          former += vectors[mode * units + i] * (before[row * units + i] - analysis.units.means[i]);
        }
        expect(amplitude).toBeCloseTo(mode < removed ? 0 : former, 10);
      }
    }
  });
});
