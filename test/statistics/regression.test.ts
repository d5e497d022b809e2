import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../src/errors/index.js";
import { leastSquares } from "../../src/statistics/index.js";
import { autoregression, average } from "./autoregression.js";

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

describe("least squares", () => {
  it("reproduces NIST's Norris data set to its certified digits", () => {
    const y = [
      0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3,
      448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,
      117.6, 228.9, 668.4, 449.2, 0.2,
    ];
    const x = [
      0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0,
      447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,
      118.3, 229.2, 669.1, 448.9, 0.5,
    ];
    const { coefficients, standardErrors, degreesOfFreedom, chiSquare } = leastSquares([ones(36), x], y);
    expect(coefficients[0]).toBeCloseTo(-0.262323073774029, 12);
    expect(coefficients[1]).toBeCloseTo(1.00211681802045, 13);
    expect(standardErrors[0]).toBeCloseTo(0.232818234301152, 12);
    expect(standardErrors[1]).toBeCloseTo(0.429796848199937e-3, 15);
    expect(degreesOfFreedom).toBe(34);
    expect(Math.sqrt(chiSquare / 34)).toBeCloseTo(0.884796396144373, 12);
  });

  it("is the weighted line of the textbook", () => {
    const x = [1, 2, 4, 7, 11];
    const y = [2.2, 2.9, 5.3, 8.1, 12.4];
    const sigma = [0.1, 0.3, 0.2, 0.5, 0.4];
    const sum = (f: (i: number) => number): number =>
      x.reduce((total, _, i) => total + f(i) / sigma[i] ** 2, 0);
    const [s, sx, sy] = [sum(() => 1), sum((i) => x[i]), sum((i) => y[i])];
    const [sxx, sxy] = [sum((i) => x[i] ** 2), sum((i) => x[i] * y[i])];
    const delta = s * sxx - sx * sx;
    const fit = leastSquares([ones(5), x], y, sigma);
    expect(fit.coefficients[0]).toBeCloseTo((sxx * sy - sx * sxy) / delta, 12);
    expect(fit.coefficients[1]).toBeCloseTo((s * sxy - sx * sy) / delta, 12);
    expect(fit.standardErrors[0]).toBeCloseTo(Math.sqrt(sxx / delta), 12);
    expect(fit.standardErrors[1]).toBeCloseTo(Math.sqrt(s / delta), 12);
    expect(fit.covariance[1]).toBeCloseTo(-sx / delta, 12);
    expect(fit.covariance[2]).toBe(fit.covariance[1]);
    const [a, b] = fit.coefficients;
    expect(fit.chiSquare).toBeCloseTo(
      x.reduce((total, xi, i) => total + ((y[i] - a - b * xi) / sigma[i]) ** 2, 0),
      10,
    );
  });

  it("recovers a polynomial exactly, with columns 12 decades apart", () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => i / 5 - 2);
    const columns = [ones(20), x.map((v) => 1e6 * v), x.map((v) => 1e-6 * v * v)];
    const { coefficients, chiSquare } = leastSquares(
      columns,
      x.map((v) => 3 - 2 * v + 0.5 * v * v),
    );
    expect(coefficients[0]).toBeCloseTo(3, 12);
    expect(coefficients[1] * 1e6).toBeCloseTo(-2, 12);
    expect(coefficients[2] * 1e-6).toBeCloseTo(0.5, 12);
    expect(chiSquare).toBeLessThan(1e-26);
  });

  it.each([true, false])("has calibrated standard errors over 400 replicas (known errors: %s)", (known) => {
    const x = Float64Array.from({ length: 40 }, (_, i) => i / 10);
    const sigma = x.map((v) => (known ? 0.5 + v : 2));
    const scores = Array.from({ length: 400 }, (_, r) => {
      const [noise] = autoregression(0, 1, 40, "regression", r);
      const y = x.map((v, i) => 1 + 2 * v + sigma[i] * noise[i]);
      const fit = leastSquares([ones(40), x], y, known ? sigma : undefined);
      return [
        (fit.coefficients[0] - 1) / fit.standardErrors[0],
        (fit.coefficients[1] - 2) / fit.standardErrors[1],
      ];
    });
    const expected = known ? 1 : Math.sqrt(38 / 36); // Student's t with n − p = 38 degrees of freedom
    for (const a of [0, 1]) {
      const width = Math.sqrt(average(scores.map((z) => z[a] ** 2)));
      expect(Math.abs(width / expected - 1)).toBeLessThan(4 / Math.sqrt(800));
    }
  });

  it("names the regressor that the others determine", () => {
    const x = [1, 2, 3, 4];
    const twice = x.map((v) => 3 * v - 1);
    expect(() => leastSquares([ones(4), x, twice], x)).toThrow(DomainError);
    expect(() => leastSquares([ones(4), x, twice], x)).toThrow(/regressor 2 is a linear combination/);
    expect(() => leastSquares([x, new Float64Array(4)], x)).toThrow(/regressor 1/);
    expect(() => leastSquares([[1], [2]], [3])).toThrow(/1 observations for 2 coefficients/);
    expect(() => leastSquares([], [3])).toThrow(DomainError);
  });

  it("knows no error when nothing is left over to measure it", () => {
    const fit = leastSquares([ones(2), [0, 1]], [3, 5]);
    expect([...fit.coefficients]).toEqual([expect.closeTo(3, 12), expect.closeTo(2, 12)]);
    expect(fit.standardErrors[0]).toBeNaN();
  });

  it("refuses malformed data", () => {
    expect(() => leastSquares([[1, 2]], [1, 2, 3])).toThrow(DataError);
    expect(() => leastSquares([[1, NaN]], [1, 2])).toThrow(/value 1 of regressor 0 is NaN/);
    expect(() => leastSquares([[1, 2]], [1, 2], [1, 0])).toThrow(/value 1 of errors is 0/);
  });
});
