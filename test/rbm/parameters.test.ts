import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { referenceKernels } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { effectiveHamiltonian, energy } from "../../src/rbm/energy.js";
import { exactLogPartition } from "../../src/rbm/log-partition/exact.js";
import {
  initializeWeights,
  squaredNorm,
  toBinary,
  toDouble,
  toSpin,
  type UnitType,
  zeroRbm,
} from "../../src/rbm/parameters.js";
import {
  enumerateJoint,
  flat,
  jointEnergy,
  largestDifference,
  randomRbm,
  toSingle,
  unitTypes,
  unitValues,
} from "./oracle.js";

describe("the change between ±1 and 0/1 units", () => {
  const cases = fc.record({
    units: fc.constantFrom<UnitType>(...unitTypes),
    visible: fc.integer({ min: 1, max: 6 }),
    hidden: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
  });
  const settings = { seed: 1, numRuns: 60 };
  const convert = (units: UnitType) => (units === "spin" ? toBinary : toSpin);

  it("leaves P(v) alone, to 1e-12, and shifts E, H_λ and ln Z by the stated constant", () => {
    fc.assert(
      fc.property(cases, ({ units, visible, hidden, seed }) => {
        const given = randomRbm(units, visible, hidden, seed);
        const { rbm: converted, constant } = convert(units)(given);
        expect(converted.units).not.toBe(units);
        const [before, after] = [enumerateJoint(given), enumerateJoint(converted)];
        expect(largestDifference(after.visible, before.visible)).toBeLessThan(1e-12);
        expect(largestDifference(after.joint, before.joint)).toBeLessThan(1e-12);
        expect(before.logPartition).toBeCloseTo(after.logPartition + constant, 11);
        expect(exactLogPartition(given, referenceKernels)).toBeCloseTo(
          exactLogPartition(converted, referenceKernels) + constant,
          11,
        );
        for (let state = 0; state < 2 ** (visible + hidden); state += 7) {
          const [v, v2] = [units, converted.units].map((type) => unitValues(type, state, visible));
          const [h, h2] = [units, converted.units].map((type) => unitValues(type, state >>> visible, hidden));
          expect(energy(given, v, h)).toBeCloseTo(jointEnergy(converted, v2, h2) - constant, 11);
          expect(effectiveHamiltonian(given, v)).toBeCloseTo(
            effectiveHamiltonian(converted, v2) - constant,
            11,
          );
        }
      }),
      settings,
    );
  });

  it("follows W± = W01/4, b± = b01/2 + Σ W01/4", () => {
    const given = {
      units: "binary",
      visible: 2,
      hidden: 1,
      weights: Float64Array.of(4, -8),
      visibleBias: Float64Array.of(1, 2),
      hiddenBias: Float64Array.of(-6),
    } as const;
    const { rbm, constant } = toSpin(given);
    expect(flat(rbm)).toEqual([1, -2, 0.5 + 1, 1 - 2, -3 - 1]);
    expect(constant).toBe(1.5 - 3 - 1);
    expect(toBinary(rbm)).toEqual({ rbm: given, constant: -constant });
  });

  it("there and back is the identity, and the constants cancel", () => {
    fc.assert(
      fc.property(cases, ({ units, visible, hidden, seed }) => {
        const given = randomRbm(units, visible, hidden, seed);
        const there = convert(units)(given);
        const back = convert(there.rbm.units)(there.rbm);
        expect(back.rbm.units).toBe(units);
        expect(largestDifference(flat(back.rbm), flat(given))).toBeLessThan(1e-13);
        expect(there.constant + back.constant).toBeCloseTo(0, 12);
      }),
      settings,
    );
  });

  it("returns an RBM that is already in these units as it is", () => {
    const spin = randomRbm("spin", 2, 3, "same");
    const binary = randomRbm("binary", 2, 3, "same");
    expect(toSpin(spin)).toEqual({ rbm: spin, constant: 0 });
    expect(toBinary(binary)).toEqual({ rbm: binary, constant: 0 });
  });
});

describe("a new RBM", () => {
  it("is zero in every parameter: the uniform distribution", () => {
    for (const units of unitTypes) {
      const rbm = zeroRbm(units, 3, 2);
      expect(flat(rbm)).toEqual(new Array<number>(11).fill(0));
      expect(exactLogPartition(rbm, referenceKernels)).toBeCloseTo(5 * Math.LN2, 14);
    }
  });

  it("refuses sizes that are not whole numbers ≥ 1, with the size in the message", () => {
    for (const size of [0, -1, 2.5, NaN]) {
      expect(() => zeroRbm("spin", size, 2)).toThrow(DomainError);
      expect(() => zeroRbm("spin", 2, size)).toThrow(`${size} hidden units`);
    }
  });

  it("gets normal weights of the deviation asked for and keeps its biases", () => {
    const rbm = zeroRbm("spin", 200, 100);
    initializeWeights(rbm, 0.05, seedKey("weights"));
    const count = rbm.weights.length;
    const square = rbm.weights.reduce((sum, w) => sum + w * w, 0) / count;
    expect(Math.abs(square / 0.0025 - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect([...rbm.visibleBias, ...rbm.hiddenBias].every((b) => b === 0)).toBe(true);
  });
});

describe("small helpers", () => {
  it("squaredNorm is Σ W² + Σ b² + Σ c²; toDouble copies", () => {
    const rbm = toSingle(randomRbm("spin", 4, 3, "norm"));
    const double = toDouble(rbm);
    expect(squaredNorm(rbm)).toBeCloseTo(
      flat(rbm).reduce((sum, x) => sum + x * x, 0),
      12,
    );
    expect(double.weights).toBeInstanceOf(Float64Array);
    expect(flat(double)).toEqual(flat(rbm));
    rbm.weights[0] += 1;
    expect(double.weights[0]).not.toBe(rbm.weights[0]);
  });
});
