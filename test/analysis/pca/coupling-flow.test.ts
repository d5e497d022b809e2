import { describe, expect, it } from "vitest";
import { couplingFlow, recursionStep, reducedFixedPoint } from "../../../src/analysis/pca/coupling-flow.js";
import type { ModeMoments, MomentSums } from "../../../src/analysis/pca/mode-moments.js";
import { seedKey } from "../../../src/random/index.js";
import type { SymmetricEigen } from "../../../src/statistics/symmetric-eigen.js";

/** ∫ f over [−width, width] by the trapezoidal rule, which for such smooth, vanishing functions is exact to rounding. */
function integrate(f: (x: number) => number, width: number, steps = 2000): number {
  let sum = 0;
  for (let k = 0; k <= steps; k++) sum += f(-width + (2 * width * k) / steps);
  return (sum * 2 * width) / steps;
}

const R = Math.SQRT1_2;

/** Two sites with modes (1, 1)/√2 and (1, −1)/√2 of the given variances. */
function twoModes(variances: readonly [number, number]): SymmetricEigen {
  return { size: 2, values: Float64Array.from(variances), vectors: Float64Array.of(R, R, R, -R) };
}

function momentsFrom(ladder: Uint32Array, moments: readonly (readonly [number, number])[]): ModeMoments {
  const sums = moments.map(([square, fourth]): readonly MomentSums[] => [
    { squares: Float64Array.of(square, square), fourths: Float64Array.of(fourth, fourth) },
  ]);
  return { ladder, groupRows: Uint32Array.of(1), largest: sums, smallest: sums, modeSquares: [] };
}

describe("the recursion g → g − B g²", () => {
  it.each([1, 0.3, 4])(
    "is what integrating out a mode of variance %s of two sites does to second order",
    (variance) => {
      // H = a²/2λ + b²/2C + g(φ_1⁴ + φ_2⁴), φ = (a ± b)/√2: Σφ⁴ = (a⁴ + 6a²b² + b⁴)/2. The a⁴ of H_eff(a) = −ln ∫db e^{−H}
      // is g'/2. Its derivatives at a = 0 are moments of b: with w = b² under e^{−b²/2C − g b⁴/2},
      // the coefficient of a⁴ is g/2 − (3g)² Var(w)/2.
      const shift = (g: number): number => {
        const moment = (power: number): number =>
          integrate(
            (b) => b ** power * Math.exp(-(b ** 2) / (2 * variance) - (g * b ** 4) / 2),
            12 * Math.sqrt(variance),
          );
        const mean = moment(2) / moment(0);
        const spread = moment(4) / moment(0) - mean ** 2;
        return 9 * g * g * spread;
      };
      const step = recursionStep([7, variance], 1, 2);
      for (const g of [1e-3, 1e-4]) {
        const small = g / variance ** 2;
        expect(shift(small) / small ** 2 / step).toBeCloseTo(1, g === 1e-3 ? 1 : 2);
      }
      expect(step).toBeCloseTo(18 * variance ** 2, 12);
    },
  );

  it("adds up over shells", () => {
    const variances = [5, 4, 3, 2, 1];
    expect(recursionStep(variances, 1, 3) + recursionStep(variances, 3, 5)).toBeCloseTo(
      recursionStep(variances, 1, 5),
      12,
    );
  });

  it("has a fixed point in reduced form: g̃ = (2/α − 1)/36 stays under C_f ∝ f^{−1/α}", () => {
    const alpha = 8 / 7;
    const count = 200000;
    const variances = Float64Array.from({ length: count }, (_, k) => ((k + 0.5) / count) ** (-1 / alpha));
    const reduced = (g: number, modes: number): number => (g * modes * variances[modes - 1] ** 2) / count;
    const [first, second] = [20000, 2000];
    const start = reducedFixedPoint(alpha);
    const g = start / reduced(1, first);
    const later = 1 / (1 / g + recursionStep(variances, second, first));
    expect(reduced(later, second) / start).toBeCloseTo(1, 2);
    expect(reducedFixedPoint(2)).toBe(0);
    expect(reducedFixedPoint(3)).toBeLessThan(0);
  });
});

describe("the coupling from quartic cumulants", () => {
  it("is g of single sites with weight e^{−φ²/2C − gφ⁴} to first order", () => {
    const variance = 1.7;
    for (const g of [1e-3, 1e-4]) {
      const moment = (power: number): number =>
        integrate((x) => x ** power * Math.exp(-(x ** 2) / (2 * variance) - g * x ** 4), 15);
      const [square, fourth] = [moment(2) / moment(0), moment(4) / moment(0)];
      const ladder = Uint32Array.of(1, 2);
      const moments = momentsFrom(ladder, [
        [square, fourth],
        [square, fourth],
      ]);
      const [, all] = couplingFlow(moments, twoModes([square, square]), seedKey(1));
      // Next order: −36 g² Σ C², relative 36 g C².
      expect(Math.abs(all.coupling / g - 1)).toBeLessThan(1.1 * 36 * g * variance ** 2);
      expect(Math.abs(all.coupling / g - 1)).toBeGreaterThan(0.5 * 36 * g * variance ** 2);
      expect(all.loopSize).toBeCloseTo(36 * all.coupling * square ** 2, 12);
      expect(all.reduced).toBeCloseTo(all.coupling * square ** 2, 12);
    }
  });

  it("counts the correlations: Σ_j C_ij⁴ of the kept modes", () => {
    const ladder = Uint32Array.of(1, 2);
    const moments = momentsFrom(ladder, [
      [1, 2.9],
      [1.5, 6],
    ]);
    const [one, both] = couplingFlow(moments, twoModes([2, 1]), seedKey(1));
    // One mode: C_ij = 1 for both pairs. Both: C_ii = 3/2, C_12 = 1/2.
    expect(one.coupling).toBeCloseTo(0.1 / (24 * 2), 12);
    expect(both.coupling).toBeCloseTo((3 * 1.5 ** 2 - 6) / (24 * (1.5 ** 4 + 0.5 ** 4)), 12);
    expect(one.recursion).toBeCloseTo(1 / (1 / both.coupling + (36 * 1) / 2), 12);
    expect(both.recursion).toBe(both.coupling);
    expect(one.recursionReduced).toBeCloseTo(one.recursion * 0.5 * 4, 12);
    expect(one.loopSize).toBeCloseTo((one.coupling * 36 * 4) / 2, 12);
    expect(one.standardError).toBeNaN();
  });

  it("starts no recursion from a coupling that is not positive", () => {
    const ladder = Uint32Array.of(1, 2);
    const [one] = couplingFlow(
      momentsFrom(ladder, [
        [1, 4],
        [1.5, 9],
      ]),
      twoModes([2, 1]),
      seedKey(1),
    );
    expect(one.coupling).toBeLessThan(0);
    expect(one.recursion).toBeNaN();
  });
});
