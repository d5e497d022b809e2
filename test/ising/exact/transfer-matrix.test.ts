import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import { enumerateIsing, exactTorus, transferMatrix } from "../../../src/ising/exact/index.js";
import { stateOrbits } from "../../../src/ising/exact/state-orbits.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { CRITICAL, fixture, relativeError } from "./fixture.js";

const quantities = [
  "logPartition",
  "energyPerSite",
  "specificHeatPerSite",
  "magnetization",
  "m2",
  "m4",
] as const;

describe("orbits of a row's states", () => {
  it("are the necklaces and bracelets that combinatorics counts, and partition the states", () => {
    // OEIS A000029 (bracelets) and A000011 (bracelets up to exchange of colours)
    const bracelets = [3, 4, 6, 8, 13, 18, 30, 46, 78, 126, 224];
    const flipped = [2, 2, 4, 4, 8, 9, 18, 23, 44, 63, 122];
    for (let width = 2; width <= 12; width++) {
      for (const [flip, expected] of [
        [false, bracelets],
        [true, flipped],
      ] as const) {
        const orbits = stateOrbits(width, flip);
        expect(orbits.length).toBe(expected[width - 2]);
        expect(orbits.reduce((sum, { size }) => sum + size, 0)).toBe(2 ** width);
      }
    }
  });
});

describe("the transfer matrix", () => {
  it("agrees with enumeration for any coupling and field, odd lengths and sides of 2 included", () => {
    for (const [width, height] of [
      [2, 2],
      [2, 3],
      [3, 2],
      [3, 3],
      [2, 7],
      [3, 4],
      [4, 4],
      [5, 3],
    ]) {
      for (const coupling of [0, 1e-6, 0.1, CRITICAL, 0.7, 3, 60]) {
        for (const field of [0, 1e-8, -0.05, 0.3, 2, -20]) {
          const model = isingModel(torus(width, height), coupling, field);
          const exact = transferMatrix(model);
          const expected = enumerateIsing(model);
          for (const quantity of quantities) {
            expect(
              Math.abs(exact[quantity] - expected[quantity]),
              `${quantity} of ${width} x ${height} at K = ${coupling}, B = ${field}`,
            ).toBeLessThan(1e-13 * Math.abs(expected[quantity]) + 4e-15);
          }
        }
      }
    }
  });

  it("agrees with the closed form of the zero-field torus", () => {
    for (const [width, height] of [
      [8, 8],
      [6, 10],
      [3, 200],
      [10, 40],
      [9, 7],
    ]) {
      for (const coupling of [0.2, 0.408, CRITICAL, 0.6]) {
        const exact = transferMatrix(isingModel(torus(width, height), coupling));
        const expected = exactTorus(width, height, coupling);
        const label = `${width} x ${height}, K = ${coupling}`;
        expect(relativeError(exact.logPartition, expected.logPartition), label).toBeLessThan(1e-14);
        expect(relativeError(exact.energyPerSite, expected.energyPerSite), label).toBeLessThan(1e-13);
        expect(relativeError(exact.specificHeatPerSite, expected.specificHeatPerSite), label).toBeLessThan(
          1e-11,
        );
      }
    }
  });

  it("agrees with the fixture's moments of the 8 x 8 torus", () => {
    for (const [name, coupling] of [
      ["8@0.408", 0.408],
      ["8@Kc", CRITICAL],
    ] as const) {
      const [, m2, m4, binder] = fixture.moments[name];
      const exact = transferMatrix(isingModel(torus(8, 8), coupling));
      expect(Math.abs(exact.m2 - m2)).toBeLessThan(2e-11);
      expect(Math.abs(exact.m4 - m4)).toBeLessThan(5e-9);
      expect(Math.abs(1 - exact.m4 / (3 * exact.m2 ** 2) - binder)).toBeLessThan(5e-9);
    }
  });

  it("is consistent in a field: ⟨m⟩ = ∂(ln Z/N)/∂B and ∂⟨m⟩/∂B = N(⟨m²⟩ − ⟨m⟩²) by finite differences", () => {
    const at = (field: number) => transferMatrix(isingModel(torus(7, 12), 0.42, field));
    const step = 1e-4;
    const [low, middle, high] = [at(0.05 - step), at(0.05), at(0.05 + step)];
    expect((high.logPartition - low.logPartition) / (2 * step) / 84).toBeCloseTo(middle.magnetization, 5);
    const susceptibility = 84 * (middle.m2 - middle.magnetization ** 2);
    expect((high.magnetization - low.magnetization) / (2 * step) / susceptibility).toBeCloseTo(1, 4);
    expect(at(-0.05).magnetization).toBeCloseTo(-middle.magnetization, 14);
  });

  it("stays finite where most rows' weights underflow", () => {
    const frozen = transferMatrix(isingModel(torus(8, 8), 400));
    expect(frozen.logPartition).toBeCloseTo(2 * 64 * 400 + Math.log(2), 9);
    expect([frozen.m2, frozen.m4, frozen.energyPerSite]).toEqual([1, 1, -2]);
    const polarized = transferMatrix(isingModel(torus(8, 8), 0.3, -300));
    expect(polarized.logPartition).toBeCloseTo(2 * 64 * 0.3 + 64 * 300, 9);
    expect(polarized.magnetization).toBe(-1);
  });

  it("refuses chains and tori whose shorter side exceeds 12", () => {
    expect(() => transferMatrix(isingModel(chain(8), 0.4))).toThrow(DomainError);
    expect(() => transferMatrix(isingModel(torus(13, 14), 0.4))).toThrow(DomainError);
  });
});
