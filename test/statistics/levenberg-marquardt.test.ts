import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { levenbergMarquardt, type ResidualFunction } from "../../src/statistics/levenberg-marquardt.js";
import { leastSquares } from "../../src/statistics/regression.js";

/** y = a e^{−x/b} + noise, x = 0, 0.25, …; p = (a, b). */
function decayProblem(noise: Float64Array, a = 3, b = 1.7): ResidualFunction {
  return (p, residuals, jacobian) => {
    if (!(p[1] > 0)) return false;
    noise.forEach((epsilon, i) => {
      const x = i / 4;
      const value = Math.exp(-x / p[1]);
      residuals[i] = p[0] * value - (a * Math.exp(-x / b) + epsilon);
      jacobian[0][i] = value;
      jacobian[1][i] = (p[0] * value * x) / (p[1] * p[1]);
    });
    return true;
  };
}

function normals(seed: string, count: number, sigma: number): Float64Array {
  const out = new Float64Array(count);
  fillStandardNormal(seedKey(seed), out);
  return out.map((x) => sigma * x);
}

describe("Levenberg–Marquardt", () => {
  it("is linear least squares for a linear model: parameters, errors and residuals", () => {
    const x = [0, 1, 2, 3, 4, 5];
    const y = [1.1, 2.9, 5.2, 6.8, 9.1, 11.2];
    const line: ResidualFunction = (p, residuals, jacobian) => {
      x.forEach((value, i) => {
        residuals[i] = p[0] + p[1] * value - y[i];
        jacobian[0][i] = 1;
        jacobian[1][i] = value;
      });
      return true;
    };
    const fit = levenbergMarquardt(line, Float64Array.of(-40, 7), 6);
    const exact = leastSquares([x.map(() => 1), x], y);
    for (const a of [0, 1]) {
      expect(fit.parameters[a]).toBeCloseTo(exact.coefficients[a], 9);
      expect(fit.errors[a]).toBeCloseTo(exact.standardErrors[a], 9);
    }
    expect(fit.residualSquare).toBeCloseTo(exact.chiSquare, 12);
  });

  it("finds an exact decay from a bad start, and Rosenbrock's minimum", () => {
    const fit = levenbergMarquardt(decayProblem(new Float64Array(20)), Float64Array.of(0.1, 30), 20);
    expect(fit.parameters[0]).toBeCloseTo(3, 9);
    expect(fit.parameters[1]).toBeCloseTo(1.7, 9);
    const rosenbrock: ResidualFunction = (p, residuals, jacobian) => {
      residuals.set([10 * (p[1] - p[0] * p[0]), 1 - p[0]]);
      jacobian[0].set([-20 * p[0], -1]);
      jacobian[1].set([10, 0]);
      return true;
    };
    const valley = levenbergMarquardt(rosenbrock, Float64Array.of(-1.2, 1), 2);
    expect(valley.parameters[0]).toBeCloseTo(1, 9);
    expect(valley.parameters[1]).toBeCloseTo(1, 9);
  });

  it("has error bars that hold the truth as often as they should", () => {
    let chiSquare = 0;
    const repeats = 400;
    for (let r = 0; r < repeats; r++) {
      const fit = levenbergMarquardt(decayProblem(normals(`decay ${r}`, 30, 0.1)), Float64Array.of(2, 1), 30);
      chiSquare += ((fit.parameters[1] - 1.7) / fit.errors[1]) ** 2 / repeats;
    }
    // z² of Student's t with 28 degrees has mean 28/26 and deviation ≈ 1.6: four errors of the mean of 400.
    expect(Math.abs(chiSquare - 28 / 26)).toBeLessThan((4 * 1.6) / Math.sqrt(repeats));
  });

  it("does not step where the model does not exist, and knows when a parameter has no effect", () => {
    const fit = levenbergMarquardt(decayProblem(normals("flat", 12, 1), 0), Float64Array.of(1, 1e-3), 12);
    expect(fit.parameters[1]).toBeGreaterThan(0);
    const idle: ResidualFunction = (p, residuals, jacobian) => {
      [0, 1, 2].forEach((i) => {
        residuals[i] = p[0] - i;
        jacobian[0][i] = 1;
        jacobian[1][i] = 0;
      });
      return true;
    };
    const stuck = levenbergMarquardt(idle, Float64Array.of(9, 5), 3);
    expect(stuck.parameters[0]).toBeCloseTo(1, 9);
    expect(stuck.parameters[1]).toBe(5);
    expect(stuck.errors[1]).toBeNaN();
  });

  it("refuses fewer data than parameters, and a start outside the model", () => {
    const problem = decayProblem(new Float64Array(5));
    expect(() => levenbergMarquardt(problem, Float64Array.of(1, 1), 1)).toThrow(DomainError);
    expect(() => levenbergMarquardt(problem, Float64Array.of(1, -1), 5)).toThrow(
      /does not exist at its start/,
    );
  });
});
