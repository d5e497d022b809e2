import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { boltzmannDistribution } from "../../src/ising/exact/index.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import {
  exactModelStatistics,
  statisticsNorm,
  visibleDistribution,
  visibleHamiltonians,
  weightedStatistics,
} from "../../src/rbm/ensemble.js";
import { energy } from "../../src/rbm/energy.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { transposeRbm } from "../../src/rbm/ensemble.js";
import {
  enumerateJoint,
  exactKl,
  flat,
  fromFlat,
  jointAverages,
  largestDifference,
  numericalDescent,
  randomDistribution,
  randomRbm,
  tracedHamiltonian,
  unitTypes,
} from "./oracle.js";
import { implementations } from "./training.js";

describe.each(implementations)("the table of H_λ by the $name kernels", (kernels) => {
  it("holds H_λ of every visible state, at the state's index, also with very many or very strong units", () => {
    for (const units of unitTypes) {
      for (const [n, m, deviation] of [
        [1, 1, 1],
        [9, 4, 0.7],
        [4, 9, 3],
        [13, 2, 0.7],
        [2, 2500, 0.02],
      ] as const) {
        const rbm = randomRbm(units, n, m, "table", deviation);
        const expected = Float64Array.from({ length: 2 ** n }, (_, state) => tracedHamiltonian(rbm, state));
        const scale = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
        expect(largestDifference(visibleHamiltonians(rbm, kernels), expected)).toBeLessThan(1e-13 * scale);
      }
    }
  });

  it("gives P_λ(v) and ln Z of the joint sum", () => {
    for (const units of unitTypes) {
      const rbm = randomRbm(units, 6, 5, "distribution");
      const { visible, logPartition } = enumerateJoint(rbm);
      const found = visibleDistribution(visibleHamiltonians(rbm, kernels), kernels);
      expect(found.logPartition).toBeCloseTo(logPartition, 12);
      expect(largestDifference(found.probabilities, visible)).toBeLessThan(1e-13);
    }
  });

  it("is refused above 24 visible units with a DomainError, not a failed allocation", () => {
    for (const visible of [25, 40, 100]) {
      expect(() => visibleHamiltonians(zeroRbm("spin", visible, 2), kernels)).toThrow(DomainError);
    }
  });
});

describe.each(implementations)("averages by the $name kernels", (kernels) => {
  it("weighted by any q equal Σ_v q(v) Σ_h P(h|v) (v hᵀ, v, h)", () => {
    for (const units of unitTypes) {
      for (const [n, m] of [
        [6, 3],
        [3, 6],
        [1, 1],
      ] as const) {
        const rbm = randomRbm(units, n, m, "averages");
        const q = randomDistribution(n, "weights").map((p, state) => (state % 3 === 0 ? -p : p));
        const found = flat(weightedStatistics(rbm, q, kernels));
        expect(largestDifference(found, jointAverages(rbm, q))).toBeLessThan(1e-13);
      }
    }
  });

  it("of the model equal the joint average whichever layer is smaller", () => {
    for (const units of unitTypes) {
      for (const [n, m] of [
        [7, 3],
        [3, 7],
        [5, 5],
      ] as const) {
        const rbm = randomRbm(units, n, m, "model");
        const found = flat(exactModelStatistics(rbm, kernels));
        expect(largestDifference(found, jointAverages(rbm, enumerateJoint(rbm).visible))).toBeLessThan(1e-13);
      }
    }
  });

  it("have the Euclidean norm of all parameters together", () => {
    const statistics = exactModelStatistics(randomRbm("spin", 3, 2, "norm"), kernels);
    expect(statisticsNorm(statistics)).toBeCloseTo(Math.hypot(...flat(statistics)), 14);
  });
});

describe.each(implementations)("the exact gradient of KL(P‖P_λ) by the $name kernels", (kernels) => {
  const targets = [
    ["a 3 × 3 Ising model", boltzmannDistribution(isingModel(torus(3, 3), 0.4))],
    ["a 3 × 3 Ising model in a field", boltzmannDistribution(isingModel(torus(3, 3), 0.6, 0.2))],
    ["a random distribution", randomDistribution(9, "target")],
  ] as const;

  it.each(targets)("is the descent direction Σ (P − P_λ)(v tᵀ, v, t): %s", (_, distribution) => {
    for (const units of unitTypes) {
      for (const hidden of [1, 4]) {
        const rbm = randomRbm(units, 9, hidden, `gradient ${units}`, 0.5);
        const { probabilities } = visibleDistribution(visibleHamiltonians(rbm, kernels), kernels);
        const q = distribution.map((p, state) => p - probabilities[state]);
        const direction = flat(weightedStatistics(rbm, q, kernels));
        numericalDescent(rbm, distribution).forEach((expected, k) => {
          expect(Math.abs(direction[k] / expected - 1), `parameter ${k}`).toBeLessThan(1e-6);
        });
        const step = 1e-3 / Math.hypot(...direction);
        const after = fromFlat(
          rbm,
          flat(rbm).map((x, k) => x + step * direction[k]),
        );
        expect(exactKl(after, distribution)).toBeLessThan(exactKl(rbm, distribution));
      }
    }
  });

  it("vanishes where the model is the target", () => {
    for (const units of unitTypes) {
      const rbm = randomRbm(units, 9, 3, "solved");
      const target = Float64Array.from({ length: 512 }, (_, state) =>
        Math.exp(-tracedHamiltonian(rbm, state)),
      );
      const z = target.reduce((sum, x) => sum + x, 0);
      const { probabilities } = visibleDistribution(visibleHamiltonians(rbm, kernels), kernels);
      const q = target.map((x, state) => x / z - probabilities[state]);
      expect(statisticsNorm(weightedStatistics(rbm, q, kernels))).toBeLessThan(1e-13);
    }
  });
});

describe("exchanging the layers", () => {
  it("leaves E(v, h) alone and is its own inverse", () => {
    const rbm = randomRbm("spin", 3, 2, "transpose");
    expect(flat(transposeRbm(transposeRbm(rbm)))).toEqual(flat(rbm));
    expect(energy(transposeRbm(rbm), [1, -1], [1, 1, -1])).toBeCloseTo(energy(rbm, [1, 1, -1], [1, -1]), 14);
  });
});
