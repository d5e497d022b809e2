import { describe, expect, it } from "vitest";
import { covariance, MAX_UNITS } from "../../../src/analysis/pca/covariance.js";
import { bitObservations, realObservations } from "../../../src/analysis/pca/observations.js";
import { chooseUnits, fluctuations } from "../../../src/analysis/pca/units.js";
import { DataError, DomainError } from "../../../src/errors/index.js";
import { bitMatrix, packBits } from "../../../src/kernels/index.js";
import { largestDifference } from "../../rbm/oracle.js";
import { gaussianRows, inBlocks, independentSpins, normals } from "./random-data.js";

/** Two passes over rows in memory, means first, element by element. */
function inMemory(values: Float64Array, rows: number, columns: number, mean: "data" | "zero"): Float64Array {
  const means = Float64Array.from({ length: columns }, (_, i) => {
    let sum = 0;
    for (let s = 0; s < rows; s++) sum += values[s * columns + i];
    return mean === "data" ? sum / rows : 0;
  });
  return Float64Array.from({ length: columns * columns }, (_, k) => {
    const [i, j] = [Math.floor(k / columns), k % columns];
    let sum = 0;
    for (let s = 0; s < rows; s++) {
      sum += (values[s * columns + i] - means[i]) * (values[s * columns + j] - means[j]);
    }
    return sum / rows;
  });
}

describe("covariance", () => {
  const [rows, columns] = [1000, 37];
  const values = gaussianRows(rows, columns, normals(columns * columns, "mixing"), "rows").map(
    (x, k) => x + 5 * (k % columns),
  );

  it.each([1, 7, 100, 255, 256])("in streaming blocks of %i rows equals two passes in memory", (size) => {
    for (const mean of ["data", "zero"] as const) {
      const { matrix } = covariance(inBlocks(values, rows, columns, size), mean);
      const expected = inMemory(values, rows, columns, mean);
      const scale = Math.max(...expected.map(Math.abs));
      expect(largestDifference(matrix, expected) / scale).toBeLessThan(1e-13);
    }
  });

  it("keeps its digits far from zero: shifted by 1e6 times the standard deviation", () => {
    const far = values.map((x) => x + 1e7);
    const found = covariance(realObservations(far, rows, columns)).matrix;
    const expected = inMemory(values, rows, columns, "data");
    // Rounding x + 1e7 to double moves x by 1e-9.
    expect(largestDifference(found, expected)).toBeLessThan(1e-7);
  });

  it("of bits is that of ±1, exactly", () => {
    const spins = independentSpins(500, 70, "bits").map((s, k) => (k % 70 === 3 ? 1 : s));
    const bits = bitObservations(packBits(spins, 500, 70));
    for (const mean of ["data", "zero"] as const) {
      const counted = covariance(bits, mean);
      const summed = covariance(realObservations(spins, 500, 70), mean);
      expect(largestDifference(counted.matrix, inMemory(spins, 500, 70, mean))).toBeLessThan(1e-13);
      expect(largestDifference(counted.matrix, summed.matrix)).toBeLessThan(1e-13);
      expect(counted.constant).toEqual([3]);
      expect(summed.constant).toEqual([3]);
    }
    expect(covariance(bits, "zero").matrix[0]).toBe(1);
  });

  it("names constant columns, whose rows and columns it makes zero", () => {
    const data = values.map((x, k) => (k % columns === 4 ? 0.1 : x));
    const found = covariance(realObservations(data, rows, columns));
    expect(found.constant).toEqual([4]);
    for (let j = 0; j < columns; j++) expect(found.matrix[4 * columns + j]).toBe(0);
  });

  it("refuses one row, numbers that are not finite, and too many columns", () => {
    expect(() => covariance(realObservations([1, 2], 1, 2))).toThrow(DataError);
    expect(() => covariance(realObservations([1, 2, 3, NaN], 2, 2))).toThrow(/row 2, column 2 is NaN/);
    expect(() => covariance(realObservations([1, -Infinity, 3, 4], 2, 2))).toThrow(
      /row 1, column 2 is -Infinity/,
    );
    expect(() => covariance(realObservations([1, 2, 3, -1e31], 2, 2))).toThrow(
      /row 2, column 2 is -1e\+31; expected a number of at most 1e\+30.*Divide/,
    );
    expect(() => covariance(realObservations([1, 2e-31, 3, 1e-31], 2, 2))).toThrow(
      /column 2 varies from 1e-31 to 2e-31.*Multiply/,
    );
    expect(covariance(realObservations([1, -1e30, 3, 1e30], 2, 2)).matrix[3]).toBeCloseTo(1e60, -50);
    const wide = bitObservations(bitMatrix(2, 1e6));
    expect(() => covariance(wide)).toThrow(DomainError);
    expect(() => covariance(wide)).toThrow(new RegExp(`1000000 columns: at most ${MAX_UNITS}`));
  });
});

describe("units", () => {
  const data = Float64Array.of(1, 5, 2, 2, 5, 6, 3, 5, 7, 6, 5, 1);

  it("leave out constant columns and divide by the standard deviation if asked", () => {
    const full = covariance(realObservations(data, 4, 3));
    const plain = chooseUnits(full, false);
    expect([...plain.columns]).toEqual([0, 2]);
    expect(plain.constant).toEqual([1]);
    expect([...plain.means]).toEqual([3, 4]);
    expect([...plain.covariance]).toEqual([3.5, -1.75, -1.75, 6.5]);
    const scaled = chooseUnits(full, true);
    expect(scaled.covariance[0]).toBe(1);
    expect(scaled.covariance[1]).toBeCloseTo(-1.75 / Math.sqrt(3.5 * 6.5), 14);
    const phi = new Float64Array(2);
    fluctuations(scaled, data, 3, 1, phi);
    expect(phi[0]).toBeCloseTo(-2 / Math.sqrt(3.5), 14);
    expect(phi[1]).toBeCloseTo(-2 / Math.sqrt(6.5), 14);
  });

  it("need two columns that vary", () => {
    const full = covariance(realObservations([1, 5, 2, 5, 3, 5], 3, 2));
    expect(() => chooseUnits(full, false)).toThrow(/1 of 2 columns vary/);
  });
});
