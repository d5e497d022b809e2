import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import { boltzmannDistribution, densityOfStates, enumerateIsing } from "../../../src/ising/exact/index.js";
import { chain, type Lattice, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { CRITICAL, fixture, relativeError } from "./fixture.js";

/** Σ_bonds vv' and Σ v of a state, straight from the lattice's definition. */
function describeState(lattice: Lattice, state: number): { bond: number; total: number } {
  const spin = (site: number): number => (((state >> site) & 1) === 1 ? 1 : -1);
  let bond = 0;
  let total = 0;
  for (let site = 0; site < lattice.sites; site++) {
    total += spin(site);
    for (let d = 0; d < lattice.degree; d += 2) {
      bond += spin(site) * spin(lattice.neighbors[site * lattice.degree + d]);
    }
  }
  return { bond, total };
}

describe("the density of states", () => {
  it("agrees with the fixture", () => {
    for (const [name, levels] of Object.entries(fixture.densityOfStates)) {
      const side = Number(name.split("x")[0]);
      const { sites, bonds, counts } = densityOfStates(torus(side, side));
      for (let broken = 0; broken <= bonds; broken++) {
        const row = counts.subarray(broken * (sites + 1), (broken + 1) * (sites + 1));
        const degeneracy = row.reduce((sum, count) => sum + count, 0);
        const bondSum = 2 * broken - bonds;
        const key = String(levels["symmetric"] === true ? Math.abs(bondSum) : -bondSum);
        expect(degeneracy, `${name}, Σ vv' = ${bondSum}`).toBe(levels[key] ?? 0);
      }
    }
  });

  it("counts every state once, by bond sum and magnetization", () => {
    const lattice = torus(2, 5);
    const { sites, bonds, counts } = densityOfStates(lattice);
    const expected = new Float64Array(counts.length);
    for (let state = 0; state < 2 ** sites; state++) {
      const { bond, total } = describeState(lattice, state);
      expected[((bond + bonds) / 2) * (sites + 1) + (total + sites) / 2]++;
    }
    expect(counts).toEqual(expected);
  });
});

describe("enumeration", () => {
  it("agrees with the fixture's moments of the 4 x 4 torus", () => {
    for (const [name, coupling] of [
      ["4@0.3", 0.3],
      ["4@0.408", 0.408],
      ["4@Kc", CRITICAL],
    ] as const) {
      const [absolute, m2, m4] = fixture.moments[name];
      const exact = enumerateIsing(isingModel(torus(4, 4), coupling));
      expect(exact.absMagnetization).toBeCloseTo(absolute, 11);
      expect(exact.m2).toBeCloseTo(m2, 11);
      expect(exact.m4).toBeCloseTo(m4, 11);
    }
  });

  it("agrees with sums over the states in a field, on a torus and a chain", () => {
    for (const lattice of [torus(3, 4), chain(7)]) {
      for (const [coupling, field] of [
        [0.3, 0.2],
        [0.7, -0.4],
        [2, 0],
        [0, 1],
      ] as const) {
        const exact = enumerateIsing(isingModel(lattice, coupling, field));
        const sums = { z: 0, e: 0, e2: 0, m: 0, abs: 0, m2: 0, m4: 0 };
        for (let state = 0; state < 2 ** lattice.sites; state++) {
          const { bond, total } = describeState(lattice, state);
          const weight = Math.exp(coupling * bond + field * total);
          const m = total / lattice.sites;
          sums.z += weight;
          sums.e -= weight * bond;
          sums.e2 += weight * bond * bond;
          sums.m += weight * m;
          sums.abs += weight * Math.abs(m);
          sums.m2 += weight * m ** 2;
          sums.m4 += weight * m ** 4;
        }
        const energy = sums.e / sums.z;
        const variance = sums.e2 / sums.z - energy ** 2;
        expect(exact.logPartition).toBeCloseTo(Math.log(sums.z), 12);
        expect(exact.energyPerSite).toBeCloseTo(energy / lattice.sites, 12);
        expect(exact.specificHeatPerSite).toBeCloseTo((coupling ** 2 * variance) / lattice.sites, 11);
        expect(exact.magnetization).toBeCloseTo(sums.m / sums.z, 12);
        expect(exact.absMagnetization).toBeCloseTo(sums.abs / sums.z, 12);
        expect(exact.m2).toBeCloseTo(sums.m2 / sums.z, 12);
        expect(exact.m4).toBeCloseTo(sums.m4 / sums.z, 12);
      }
    }
  });

  it("does not overflow at strong coupling or field", () => {
    const frozen = enumerateIsing(isingModel(torus(4, 4), 200, 300));
    expect(frozen.logPartition).toBe(200 * 32 + 300 * 16);
    expect(frozen.magnetization).toBe(1);
  });
});

describe("the Boltzmann distribution", () => {
  it("gives P(v) of every state, bit i of the index for site i", () => {
    const lattice = torus(2, 4);
    const model = isingModel(lattice, 0.35, 0.15);
    const { logPartition } = enumerateIsing(model);
    const probabilities = boltzmannDistribution(model);
    expect(probabilities.length).toBe(256);
    let worst = 0;
    probabilities.forEach((probability, state) => {
      const { bond, total } = describeState(lattice, state);
      worst = Math.max(
        worst,
        relativeError(probability, Math.exp(0.35 * bond + 0.15 * total - logPartition)),
      );
    });
    expect(worst).toBeLessThan(1e-14);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 13);
  });

  it("handles 20 sites and refuses 25", () => {
    const probabilities = boltzmannDistribution(isingModel(torus(4, 5), 0.4));
    expect(probabilities[0]).toBe(probabilities[2 ** 20 - 1]);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    for (const attempt of [enumerateIsing, boltzmannDistribution]) {
      expect(() => attempt(isingModel(torus(5, 5), 0.4))).toThrow(DomainError);
    }
  });
});
