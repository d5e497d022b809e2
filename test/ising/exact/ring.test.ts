import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import {
  boltzmannDistribution,
  enumerateIsing,
  exactRing,
  exactRingCorrelations,
  ringCorrelationLength,
} from "../../../src/ising/exact/index.js";
import { chain } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { fixture, relativeError } from "./fixture.js";

const quantities = [
  "logPartition",
  "energyPerSite",
  "specificHeatPerSite",
  "magnetization",
  "m2",
  "m4",
] as const;

describe("the ring", () => {
  it("agrees with the fixture", () => {
    for (const [name, expected] of Object.entries(fixture.ring)) {
      const [length, coupling] = name.split("@").map(Number);
      const exact = exactRing(length, coupling);
      expect(exact.logPartition).toBeCloseTo(expected.logZ, 11);
      expect(exact.energyPerSite).toBeCloseTo(expected.energyPerSite, 11);
      expect(exact.m2).toBeCloseTo(expected.m2, 11);
    }
  });

  it("agrees with enumeration for any coupling and field, two spins with a doubled bond included", () => {
    for (const length of [2, 3, 4, 7, 12]) {
      for (const coupling of [0, 1e-6, 0.1, 0.7, 3, 60]) {
        for (const field of [0, 1e-8, -0.05, 0.3, 2, -20]) {
          const exact = exactRing(length, coupling, field);
          const expected = enumerateIsing(isingModel(chain(length), coupling, field));
          for (const quantity of quantities) {
            // Enumeration's own error: about 1e-15 absolute.
            expect(
              Math.abs(exact[quantity] - expected[quantity]),
              `${quantity}, N = ${length}, K = ${coupling}, B = ${field}`,
            ).toBeLessThan(1e-14 * Math.abs(expected[quantity]) + 2e-15);
          }
        }
      }
    }
  });

  it("has the specific heat K² ∂G(1)/∂K also where it is tiny", () => {
    for (const [coupling, field] of [
      [3, 0],
      [10, 0],
      [3, 1],
      [60, 0],
    ] as const) {
      const exact = exactRing(7, coupling, field).specificHeatPerSite;
      const expected = enumerateIsing(isingModel(chain(7), coupling, field)).specificHeatPerSite;
      expect(relativeError(exact, expected), `K = ${coupling}, B = ${field}`).toBeLessThan(1e-13);
    }
  });

  it("has the correlations of enumeration, which sum to ⟨m²⟩ and give the second-moment length √t/(1−t)", () => {
    const length = 9;
    for (const field of [0, 0.2]) {
      const correlations = exactRingCorrelations(length, 0.6, field);
      const expected = new Float64Array(length);
      boltzmannDistribution(isingModel(chain(length), 0.6, field)).forEach((probability, state) => {
        for (let r = 0; r < length; r++)
          expected[r] += ((state ^ (state >> r)) & 1) === 1 ? -probability : probability;
      });
      correlations.forEach((value, r) => {
        expect(value).toBeCloseTo(expected[r], 13);
      });
      const mean = correlations.reduce((sum, value) => sum + value, 0) / length;
      expect(mean).toBeCloseTo(exactRing(length, 0.6, field).m2, 14);
    }
    const correlations = exactRingCorrelations(length, 0.6);
    const structure = (k: number): number =>
      correlations.reduce((sum, value, r) => sum + value * Math.cos((2 * Math.PI * k * r) / length), 0);
    const secondMoment = Math.sqrt(structure(0) / structure(1) - 1) / (2 * Math.sin(Math.PI / length));
    expect(ringCorrelationLength(0.6)).toBeCloseTo(secondMoment, 12);
  });

  it("satisfies the decimation identity Z_N(K) = (2√cosh 2K)^{N/2} Z_{N/2}(½ ln cosh 2K)", () => {
    let coupling = 1;
    for (let length = 4096; length > 16; length /= 2) {
      const coarse = 0.5 * Math.log(Math.cosh(2 * coupling));
      const factor = Math.log(2) + 0.5 * Math.log(Math.cosh(2 * coupling));
      const expected = (length / 2) * factor + exactRing(length / 2, coarse).logPartition;
      expect(relativeError(exactRing(length, coupling).logPartition, expected)).toBeLessThan(1e-14);
      coupling = coarse;
    }
  });

  it("handles a million spins, with ⟨m⁴⟩ → 3⟨m²⟩² as they become independent", () => {
    const { m2, m4 } = exactRing(1_000_000, 0.3);
    expect(m4 / (3 * m2 * m2)).toBeCloseTo(1, 4);
  });

  it("refuses a length below 2, a negative coupling, an infinite field", () => {
    expect(() => exactRing(1, 1)).toThrow(DomainError);
    expect(() => exactRing(8, -1)).toThrow(DomainError);
    expect(() => exactRing(8, 1, Infinity)).toThrow(DomainError);
  });
});
