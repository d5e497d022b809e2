import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import { exactInfiniteLattice, exactTorus } from "../../../src/ising/exact/index.js";
import { CRITICAL, fixture, relativeError } from "./fixture.js";

/** Complete elliptic integrals K(k), E(k) by the arithmetic–geometric mean; `complement` is √(1 − k²). */
function ellipticIntegrals(k: number, complement: number): { first: number; second: number } {
  let a = 1;
  let b = complement;
  let c = k;
  let sum = (c * c) / 2;
  for (let power = 1; power < 2 ** 10; power *= 2) {
    [a, b, c] = [(a + b) / 2, Math.sqrt(a * b), (a - b) / 2];
    sum += power * c * c;
  }
  const first = Math.PI / (2 * a);
  return { first, second: first * (1 - sum) };
}

/** Onsager's E/N and C/N in terms of elliptic integrals with modulus 2 sinh 2K/cosh² 2K. */
function onsager(coupling: number): { energy: number; specificHeat: number } {
  const c = Math.cosh(2 * coupling);
  const s = Math.sinh(2 * coupling);
  const q = 2 * Math.tanh(2 * coupling) ** 2 - 1;
  const { first, second } = ellipticIntegrals((2 * s) / (c * c), Math.abs(q));
  const bracket = Math.PI / 2 + q * first;
  return {
    energy: (-c / s) * (1 + (2 / Math.PI) * q * first),
    specificHeat: (4 / Math.PI) * (coupling * (c / s)) ** 2 * (first - second - bracket / (c * c)),
  };
}

describe("the infinite lattice", () => {
  it("agrees with the fixture: ln Z/N, E/N, axial correlation length, Yang's magnetization", () => {
    for (const [name, expected] of Object.entries(fixture.infinite)) {
      const exact = exactInfiniteLattice(fixture.K[name]);
      expect(relativeError(exact.logPartitionPerSite, expected.logZPerSite), name).toBeLessThan(1e-15);
      expect(relativeError(exact.energyPerSite, expected.energyPerSite), name).toBeLessThan(1e-13);
    }
    for (const [coupling, length] of Object.entries(fixture.xiAxial)) {
      expect(exactInfiniteLattice(Number(coupling)).correlationLength).toBeCloseTo(length, 5);
    }
    for (const [coupling, magnetization] of Object.entries(fixture.yang)) {
      expect(exactInfiniteLattice(Number(coupling)).magnetization).toBeCloseTo(magnetization, 11);
    }
  });

  it("agrees with Onsager's elliptic integrals, close to K_c too", () => {
    for (const coupling of [
      0.1, 0.2, 0.3, 0.4, 0.43, 0.44, 0.4406, 0.44068, 0.4407, 0.441, 0.45, 0.5, 0.7, 1,
    ]) {
      const exact = exactInfiniteLattice(coupling);
      const { energy, specificHeat } = onsager(coupling);
      expect(relativeError(exact.energyPerSite, energy), `E at ${coupling}`).toBeLessThan(1e-12);
      // The closed form loses digits far from K_c by cancellation, and near it through its modulus.
      expect(relativeError(exact.specificHeatPerSite, specificHeat), `C at ${coupling}`).toBeLessThan(1e-9);
    }
  });

  it("is the limit of large tori away from K_c", () => {
    for (const coupling of [1e-6, 0.2, 0.7, 2]) {
      const exact = exactInfiniteLattice(coupling);
      const finite = exactTorus(64, 64, coupling);
      const degeneracy = coupling > CRITICAL ? Math.log(2) : 0;
      expect(
        relativeError((finite.logPartition - degeneracy) / 4096, exact.logPartitionPerSite),
      ).toBeLessThan(1e-14);
      expect(relativeError(finite.energyPerSite, exact.energyPerSite)).toBeLessThan(1e-14);
      expect(relativeError(finite.specificHeatPerSite, exact.specificHeatPerSite)).toBeLessThan(1e-11);
    }
  });

  it("diverges at K_c only: C as −(8K_c²/π) ln|K − K_c|, ξ as 1/(4|K − K_c|), half of it below T_c", () => {
    const critical = exactInfiniteLattice(CRITICAL);
    expect(critical.energyPerSite).toBeCloseTo(-Math.SQRT2, 14);
    expect(critical.specificHeatPerSite).toBe(Infinity);
    expect(critical.correlationLength).toBe(Infinity);
    expect(critical.magnetization).toBe(0);
    const near = exactInfiniteLattice(CRITICAL + 1e-12);
    const nearer = exactInfiniteLattice(CRITICAL + 1e-13);
    const amplitude = (nearer.specificHeatPerSite - near.specificHeatPerSite) / Math.log(10);
    expect(amplitude).toBeCloseTo((8 / Math.PI) * CRITICAL ** 2, 3);
    expect(exactInfiniteLattice(CRITICAL - 1e-6).correlationLength * 4e-6).toBeCloseTo(1, 5);
    expect(exactInfiniteLattice(CRITICAL + 1e-6).correlationLength * 8e-6).toBeCloseTo(1, 5);
  });

  it("has the free and the frozen limit, and refuses a negative coupling", () => {
    expect(exactInfiniteLattice(0)).toEqual({
      logPartitionPerSite: Math.log(2),
      energyPerSite: 0,
      specificHeatPerSite: 0,
      magnetization: 0,
      correlationLength: 0,
    });
    const frozen = exactInfiniteLattice(50);
    expect([frozen.logPartitionPerSite, frozen.energyPerSite, frozen.magnetization]).toEqual([100, -2, 1]);
    expect(() => exactInfiniteLattice(-1)).toThrow(DomainError);
  });
});
