import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { minimize } from "../../src/statistics/index.js";

describe("quasi-Newton minimum", () => {
  it("walks down Rosenbrock's valley", () => {
    const { x, value } = minimize(
      ([a, b], gradient) => {
        gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
        gradient[1] = 200 * (b - a * a);
        return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
      },
      Float64Array.of(-1.2, 1),
      0.1,
    );
    expect(value).toBeLessThan(1e-20);
    expect(x[0]).toBeCloseTo(1, 9);
    expect(x[1]).toBeCloseTo(1, 9);
  });

  it("stays inside the domain, and refuses to start outside", () => {
    // x − ln x, least at 1, nothing at x ≤ 0
    const well = (x: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 1 - 1 / x[0];
      return x[0] > 0 ? x[0] - Math.log(x[0]) : Infinity;
    };
    expect(minimize(well, Float64Array.of(40), 1).x[0]).toBeCloseTo(1, 7);
    expect(minimize(well, Float64Array.of(1e-3), 1).x[0]).toBeCloseTo(1, 7);
    expect(() => minimize(well, Float64Array.of(-1), 1)).toThrow(DomainError);
  });

  it("finds the minimum of a quadratic form of ten variables to rounding", () => {
    const size = 10;
    const { x } = minimize(
      (t, gradient) => {
        let value = 0;
        for (let i = 0; i < size; i++) {
          const left = t[i] - i + (i > 0 ? 0.5 * (t[i - 1] - i + 1) : 0);
          value += left ** 2 / 2;
          gradient[i] = left;
        }
        for (let i = 0; i < size - 1; i++) gradient[i] += 0.5 * gradient[i + 1];
        return value;
      },
      new Float64Array(size),
      1,
    );
    x.forEach((t, i) => {
      expect(t).toBeCloseTo(i, 7);
    });
  });
});
