import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  effectiveHamiltonian,
  energy,
  hiddenInputs,
  logUnitPartition,
  meanHiddenGivenVisible,
  meanVisibleGivenHidden,
  unitMean,
  visibleInputs,
} from "../../src/rbm/energy.js";
import type { UnitType } from "../../src/rbm/parameters.js";
import {
  enumerateJoint,
  jointEnergy,
  largestDifference,
  randomRbm,
  unitTypes,
  unitValues,
} from "./oracle.js";

/** RBMs of both unit types with biases, up to 6 × 6 units. */
const rbms = fc
  .record({
    units: fc.constantFrom<UnitType>(...unitTypes),
    visible: fc.integer({ min: 1, max: 6 }),
    hidden: fc.integer({ min: 1, max: 6 }),
    deviation: fc.constantFrom(0.1, 0.7, 2),
    seed: fc.nat(),
  })
  .map(({ units, visible, hidden, deviation, seed }) => randomRbm(units, visible, hidden, seed, deviation));
const settings = { seed: 1, numRuns: 60 };

describe("an RBM against the sum over its joint states", () => {
  it("E(v, h) = −c·v − b·h − vᵀWh", () => {
    fc.assert(
      fc.property(rbms, fc.nat(), (rbm, joint) => {
        const v = unitValues(rbm.units, joint, rbm.visible);
        const h = unitValues(rbm.units, joint >>> 6, rbm.hidden);
        expect(energy(rbm, v, h)).toBeCloseTo(jointEnergy(rbm, v, h), 12);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("H_λ(v) = −ln Σ_h e^{−E(v,h)}, and P(v) = e^{−H_λ(v)}/Z", () => {
    fc.assert(
      fc.property(rbms, (rbm) => {
        const { visible, logPartition } = enumerateJoint(rbm);
        const hamiltonians = visible.map((_, state) =>
          effectiveHamiltonian(rbm, unitValues(rbm.units, state, rbm.visible)),
        );
        const expected = visible.map((p) => -Math.log(p) - logPartition);
        expect(largestDifference(hamiltonians, expected)).toBeLessThan(1e-11);
      }),
      settings,
    );
  });

  it("⟨h⟩ given v and ⟨v⟩ given h are the means of the conditional distributions", () => {
    fc.assert(
      fc.property(rbms, (rbm) => {
        const { joint, visible, hidden } = enumerateJoint(rbm);
        const states = visible.length;
        for (let v = 0; v < states; v++) {
          const expected = new Float64Array(rbm.hidden);
          hidden.forEach((_, h) => {
            const p = joint[v + states * h] / visible[v];
            unitValues(rbm.units, h, rbm.hidden).forEach((value, j) => (expected[j] += p * value));
          });
          const means = meanHiddenGivenVisible(rbm, unitValues(rbm.units, v, rbm.visible));
          expect(largestDifference(means, expected)).toBeLessThan(1e-12);
        }
        hidden.forEach((total, h) => {
          const expected = new Float64Array(rbm.visible);
          for (let v = 0; v < states; v++) {
            const p = joint[v + states * h] / total;
            unitValues(rbm.units, v, rbm.visible).forEach((value, i) => (expected[i] += p * value));
          }
          const means = meanVisibleGivenHidden(rbm, unitValues(rbm.units, h, rbm.hidden));
          expect(largestDifference(means, expected)).toBeLessThan(1e-12);
        });
      }),
      settings,
    );
  });

  it("P(h|v) and P(v|h) factorise with the inputs as log-odds (half of them for spins)", () => {
    fc.assert(
      fc.property(rbms, (rbm) => {
        const { joint, visible, hidden } = enumerateJoint(rbm);
        const states = visible.length;
        const slope = rbm.units === "spin" ? 2 : 1;
        const upper = (x: number): number => 1 / (1 + Math.exp(-slope * x));
        const product = (inputs: Float64Array, state: number): number =>
          inputs.reduce((p, x, k) => p * ((state >>> k) & 1 ? upper(x) : 1 - upper(x)), 1);
        joint.forEach((p, index) => {
          const [v, h] = [index % states, Math.floor(index / states)];
          const down = hiddenInputs(rbm, unitValues(rbm.units, v, rbm.visible));
          const up = visibleInputs(rbm, unitValues(rbm.units, h, rbm.hidden));
          expect(Math.abs(product(down, h) - p / visible[v])).toBeLessThan(1e-12);
          expect(Math.abs(product(up, v) - p / hidden[h])).toBeLessThan(1e-12);
        });
      }),
      { seed: 2, numRuns: 12 },
    );
  });
});

describe("one unit", () => {
  it("has the trace and mean of its two states", () => {
    for (const x of [-3, -0.2, 0, 0.7, 5]) {
      expect(logUnitPartition("spin", x)).toBeCloseTo(Math.log(Math.exp(x) + Math.exp(-x)), 14);
      expect(logUnitPartition("binary", x)).toBeCloseTo(Math.log(1 + Math.exp(x)), 14);
      expect(unitMean("spin", x)).toBeCloseTo(Math.tanh(x), 15);
      expect(unitMean("binary", x)).toBeCloseTo(1 / (1 + Math.exp(-x)), 15);
    }
  });

  it("does not overflow", () => {
    expect(logUnitPartition("spin", -1e6)).toBe(1e6);
    expect(logUnitPartition("binary", 1e6)).toBe(1e6);
    expect(logUnitPartition("binary", -1e6)).toBe(0);
  });
});
