import { describe, expect, it } from "vitest";
import { compareWithLinearTheory } from "../../../src/analysis/pca/linear-theory.js";
import { DomainError } from "../../../src/errors/index.js";
import { referenceKernels } from "../../../src/kernels/index.js";
import { visibleDistribution, visibleHamiltonians } from "../../../src/rbm/ensemble.js";
import { type Rbm, toBinary } from "../../../src/rbm/parameters.js";
import { symmetricEigen } from "../../../src/statistics/symmetric-eigen.js";
import { randomRbm } from "../../rbm/oracle.js";

/** ⟨v vᵀ⟩ of a spin RBM without biases, over all states. */
function exactCovariance(rbm: Rbm): Float64Array {
  const { probabilities } = visibleDistribution(visibleHamiltonians(rbm, referenceKernels), referenceKernels);
  const n = rbm.visible;
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return probabilities.reduce(
      (sum, p, state) => sum + p * ((((state >>> i) ^ (state >>> j)) & 1) === 1 ? -1 : 1),
      0,
    );
  });
}

function unbiased(visible: number, hidden: number, deviation: number): Rbm {
  const rbm = randomRbm("spin", visible, hidden, "linear", deviation);
  return { ...rbm, visibleBias: new Float64Array(visible), hiddenBias: new Float64Array(hidden) };
}

describe("principal components beside an RBM", () => {
  it("obey linear theory in a spin RBM but for the diagonal, where v_i² = 1: a relative error of 1/n", () => {
    const n = 14;
    for (const weight of [0.02, 0.05]) {
      const rbm = { ...unbiased(n, 1, 0), weights: new Float64Array(n).fill(weight) };
      const [leading, next] = compareWithLinearTheory(symmetricEigen(exactCovariance(rbm), n), rbm);
      expect(leading.along).toBeCloseTo(n * weight ** 2, 12);
      expect(leading.singular).toBeCloseTo(n * weight ** 2, 12);
      expect(leading.overlap).toBeCloseTo(1, 12);
      expect(Math.abs(leading.predicted / leading.along - (n - 1) / n)).toBeLessThan(2 * n * weight ** 2);
      expect(next.predicted).toBe(0);
    }
  });

  it("in a Gaussian model obey it exactly, with m modes and no more", () => {
    // C = (1 − W Wᵀ)⁻¹ for orthogonal columns of W: λ = 1/(1 − w²).
    const columns = [
      [0.5, 0.5, 0.5, 0.5],
      [0.5, -0.5, 0.5, -0.5],
    ];
    const strengths = [0.8, 0.6];
    const weights = Float64Array.from(
      { length: 8 },
      (_, k) => strengths[k % 2] * columns[k % 2][Math.floor(k / 2)],
    );
    const covariance = Float64Array.from({ length: 16 }, (_, k) => {
      const [i, j] = [Math.floor(k / 4), k % 4];
      return columns.reduce(
        (sum, x, l) => sum + (1 / (1 - strengths[l] ** 2) - 1) * x[i] * x[j],
        i === j ? 1 : 0,
      );
    });
    const rbm: Rbm = {
      units: "spin",
      visible: 4,
      hidden: 2,
      weights,
      visibleBias: new Float64Array(4),
      hiddenBias: new Float64Array(2),
    };
    for (const model of [rbm, toBinary(rbm).rbm]) {
      const modes = compareWithLinearTheory(symmetricEigen(covariance, 4), model);
      modes.forEach(({ predicted, along, singular, overlap, captured }, k) => {
        const expected = k < 2 ? strengths[k] ** 2 : 0;
        for (const value of [predicted, along, singular]) expect(value).toBeCloseTo(expected, 12);
        expect(captured).toBeCloseTo(k < 2 ? 1 : 0, 12);
        if (k < 2) expect(overlap).toBeCloseTo(1, 12);
      });
    }
    const single = {
      ...rbm,
      hidden: 1,
      weights: weights.filter((_, k) => k % 2 === 0),
      hiddenBias: new Float64Array(1),
    };
    const truncated = compareWithLinearTheory(symmetricEigen(covariance, 4), single);
    expect(truncated[0].predicted).toBeCloseTo(0.64, 12);
    expect(truncated[1]).toMatchObject({ predicted: 0, singular: 0 });
  });

  it("refuses an RBM of other units", () => {
    const eigen = symmetricEigen(Float64Array.of(1, 0, 0, 1), 2);
    expect(() => compareWithLinearTheory(eigen, unbiased(3, 2, 0.1))).toThrow(DomainError);
  });
});
