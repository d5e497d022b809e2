import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import { densityOfStates, exactTorus, momentsOf } from "../../../src/ising/exact/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { CRITICAL, fixture, relativeError } from "./fixture.js";

const smallTori = Array.from({ length: 9 }, (_, i) => i + 2).flatMap((width) =>
  Array.from({ length: 9 }, (_, j) => [width, j + 2] as const).filter(([, height]) => width * height <= 20),
);

describe("the torus in closed form", () => {
  it("agrees with the fixture for ln Z/N and E/N to 1e-13 on tori up to 64 x 64", () => {
    for (const [side, byCoupling] of Object.entries(fixture.tori)) {
      for (const [name, expected] of Object.entries(byCoupling)) {
        const length = Number(side);
        const exact = exactTorus(length, length, fixture.K[name]);
        const label = `L = ${side}, K = ${name}`;
        expect(relativeError(exact.logPartition / length ** 2, expected.logZPerSite), label).toBeLessThan(
          1e-13,
        );
        expect(relativeError(exact.energyPerSite, expected.energyPerSite), label).toBeLessThan(1e-13);
      }
    }
  });

  it("agrees with the fixture's energy variance at 40 x 40 and specific heat at 16 x 16", () => {
    for (const [name, variance] of Object.entries(fixture.energyVariancePerSite40)) {
      const coupling = fixture.K[name];
      const { specificHeatPerSite } = exactTorus(40, 40, coupling);
      expect(relativeError(specificHeatPerSite / coupling ** 2, variance), name).toBeLessThan(1e-9);
    }
    const { L, K, energyPerSite, specificHeatPerSite } = fixture.wolffGeneratorTest;
    const exact = exactTorus(L, L, K);
    expect(relativeError(exact.energyPerSite, energyPerSite)).toBeLessThan(1e-9);
    expect(relativeError(exact.specificHeatPerSite, specificHeatPerSite)).toBeLessThan(1e-9);
  });

  // Enumeration adds up moments, so its own error in E is about 1e-15 absolute at weak coupling.
  it("agrees with enumeration on every torus up to 20 sites, from K = 0 to 50", () => {
    const couplings = [
      0,
      1e-9,
      1e-4,
      1e-3,
      0.05,
      0.2,
      0.4,
      0.44,
      CRITICAL,
      0.4406868,
      0.441,
      0.5,
      0.8,
      1,
      2,
      5,
      50,
    ];
    for (const [width, height] of smallTori) {
      const density = densityOfStates(torus(width, height));
      for (const coupling of couplings) {
        const exact = exactTorus(width, height, coupling);
        const expected = momentsOf(density, coupling, 0);
        const label = `${width} x ${height}, K = ${coupling}`;
        expect(relativeError(exact.logPartition, expected.logPartition), label).toBeLessThan(2e-15);
        expect(Math.abs(exact.energyPerSite - expected.energyPerSite), label).toBeLessThan(6e-15);
        expect(Math.abs(exact.specificHeatPerSite - expected.specificHeatPerSite), label).toBeLessThan(
          3e-13 * expected.specificHeatPerSite + 1e-20,
        );
      }
    }
  });

  it("keeps full relative accuracy for K → 0: E/N = −2t − 4t³ + O(t⁵) on a 40 x 40 torus", () => {
    for (const coupling of [1e-3, 1e-5, 1e-9]) {
      const t = Math.tanh(coupling);
      const { energyPerSite, specificHeatPerSite } = exactTorus(40, 40, coupling);
      expect(relativeError(energyPerSite, -2 * t - 4 * t ** 3 * (1 - t ** 2) - 12 * t ** 5)).toBeLessThan(
        1e-14,
      );
      expect(relativeError(specificHeatPerSite, 2 * coupling ** 2 * (1 + 5 * coupling ** 2))).toBeLessThan(
        1e-10,
      );
    }
    expect(exactTorus(3, 5, 0)).toEqual({
      logPartition: 15 * Math.log(2),
      energyPerSite: 0,
      specificHeatPerSite: 0,
    });
  });

  it("is continuous across K_c, where the expansion changes from tanh K to its dual", () => {
    const below = exactTorus(12, 20, CRITICAL * (1 - 1e-15));
    const above = exactTorus(12, 20, CRITICAL * (1 + 1e-15));
    expect(relativeError(above.logPartition, below.logPartition)).toBeLessThan(1e-14);
    expect(relativeError(above.energyPerSite, below.energyPerSite)).toBeLessThan(1e-13);
    expect(relativeError(above.specificHeatPerSite, below.specificHeatPerSite)).toBeLessThan(1e-12);
  });

  it("does not depend on the order of the sides", () => {
    expect(exactTorus(5, 9, 0.43)).toEqual(exactTorus(9, 5, 0.43));
  });

  it("refuses sides below 2 and negative or infinite couplings", () => {
    expect(() => exactTorus(1, 8, 0.4)).toThrow(DomainError);
    expect(() => exactTorus(4, 4.5, 0.4)).toThrow(DomainError);
    expect(() => exactTorus(4, 4, -0.1)).toThrow(DomainError);
    expect(() => exactTorus(4, 4, Infinity)).toThrow(DomainError);
  });
});
