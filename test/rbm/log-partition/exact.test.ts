import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import { transposeRbm } from "../../../src/rbm/ensemble.js";
import { exactLogPartition } from "../../../src/rbm/log-partition/exact.js";
import { type UnitType, zeroRbm } from "../../../src/rbm/parameters.js";
import { enumerateJoint, fromFlat, randomRbm, tracedHamiltonian, unitTypes } from "../oracle.js";
import { implementations } from "../training.js";

describe.each(implementations)("exact ln Z by the $name kernels", (kernels) => {
  it("equals the sum over joint states for n < m, n = m and n > m, both unit types", () => {
    const cases = fc.record({
      units: fc.constantFrom<UnitType>(...unitTypes),
      sizes: fc.oneof(
        fc.constantFrom([3, 6], [6, 3], [5, 5], [1, 1]),
        fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
      ),
      deviation: fc.constantFrom(0.1, 1, 4),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ units, sizes, deviation, seed }) => {
        const rbm = randomRbm(units, sizes[0], sizes[1], seed, deviation);
        const { logPartition } = enumerateJoint(rbm);
        const bound = 1e-12 * Math.max(1, Math.abs(logPartition));
        expect(Math.abs(exactLogPartition(rbm, kernels) - logPartition)).toBeLessThan(bound);
      }),
      {
        seed: 1,
        numRuns: 100,
      },
    );
  });

  it("does not depend on which side is enumerated, over more states than the inputs are updated for", () => {
    for (const units of unitTypes) {
      const rbm = randomRbm(units, 13, 13, "both sides");
      const byVisible = exactLogPartition(rbm, kernels); // a tie enumerates the visible side
      const byHidden = exactLogPartition(transposeRbm(rbm), kernels);
      let sum = 0;
      for (let state = 0; state < 2 ** 13; state++)
        sum += Math.exp(-tracedHamiltonian(rbm, state) - byVisible);
      expect(byHidden).toBeCloseTo(byVisible, 11);
      expect(sum).toBeCloseTo(1, 11);
    }
  });

  it("enumerates the smaller side of a wide layer", () => {
    const rbm = randomRbm("spin", 60, 2, "wide", 0.2);
    let sum = 0;
    for (let h = 0; h < 4; h++) {
      const [first, second] = [h & 1 ? 1 : -1, h & 2 ? 1 : -1];
      let term = rbm.hiddenBias[0] * first + rbm.hiddenBias[1] * second;
      rbm.visibleBias.forEach((c, i) => {
        term += Math.log(2 * Math.cosh(c + rbm.weights[2 * i] * first + rbm.weights[2 * i + 1] * second));
      });
      sum += Math.exp(term - 40);
    }
    expect(exactLogPartition(rbm, kernels)).toBeCloseTo(40 + Math.log(sum), 11);
    expect(exactLogPartition(transposeRbm(rbm), kernels)).toBe(exactLogPartition(rbm, kernels));
  });

  it("does not overflow: at huge weights ln Z is the largest −E", () => {
    const small = randomRbm("spin", 4, 3, "large");
    const huge = fromFlat(
      small,
      [...small.weights, ...small.visibleBias, ...small.hiddenBias].map((x) => 1e4 * x),
    );
    const { logPartition } = enumerateJoint(huge);
    expect(exactLogPartition(huge, kernels) / logPartition).toBeCloseTo(1, 13);
    expect(logPartition).toBeGreaterThan(1e4);
  });

  it("refuses two layers above 24 units and says so", () => {
    expect(() => exactLogPartition(zeroRbm("spin", 25, 30), kernels)).toThrow(DomainError);
    expect(() => exactLogPartition(zeroRbm("spin", 25, 30), kernels)).toThrow(/25 × 30.*at most 24/);
  });
});
