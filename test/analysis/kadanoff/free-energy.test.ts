import { describe, expect, it } from "vitest";
import { freeEnergyTable, logPartitionBound, optimalBound } from "../../../src/analysis/kadanoff/index.js";
import { exactInfiniteLattice } from "../../../src/ising/exact/index.js";
import { CRITICAL_COUPLING } from "../../../src/ising/model.js";

const couplings = [
  0,
  0.02,
  0.1,
  0.2,
  0.3,
  0.35,
  0.4,
  0.43,
  CRITICAL_COUPLING,
  0.45,
  0.47,
  0.485,
  0.5,
  0.6,
  0.8,
  1.2,
];

describe("the bound on the free energy", () => {
  it("lies on its side of Onsager's solution for every coupling and every p", () => {
    for (let k = 0; k <= 60; k++) {
      const coupling = k / 40;
      const exact = exactInfiniteLattice(coupling).logPartitionPerSite;
      for (const p of [0.05, 0.3, 0.6, 0.766, 1, 2, 5]) {
        expect(logPartitionBound(coupling, [p]) - exact).toBeGreaterThan(0);
      }
      expect(logPartitionBound(coupling, [0.9, 0.2, 1.7, 0.4]) - exact).toBeGreaterThan(0);
    }
  });

  it("is close where the parameters are best, closest at both ends", () => {
    const rows = freeEnergyTable(couplings);
    for (const { coupling, exact, fixed, optimal } of rows) {
      expect(exact).toBe(exactInfiniteLattice(coupling).logPartitionPerSite);
      expect(optimal - exact).toBeGreaterThan(-1e-12);
      expect(optimal).toBeLessThanOrEqual(fixed);
      expect(optimal - exact).toBeLessThan(0.0187);
    }
    expect(rows[0].optimal).toBeCloseTo(Math.log(2), 9);
    expect(rows.at(-1)!.optimal - rows.at(-1)!.exact).toBeLessThan(1e-4);
    const first = rows.map(({ firstParameter }) => firstParameter);
    expect([...first].sort((a, b) => a - b)).toEqual(first);
  });

  it("cannot be lowered by changing a parameter of the best ones", () => {
    for (const coupling of [0.2, 0.44, 0.48, 0.6]) {
      const { parameters, logPartitionPerSite } = optimalBound(coupling);
      for (let step = 0; step < 8; step++) {
        for (const change of [-0.02, -0.002, 0.002, 0.02]) {
          const others = parameters.map((p, k) => (k === step ? Math.max(0, p + change) : p));
          expect(logPartitionBound(coupling, others)).toBeGreaterThan(logPartitionPerSite - 1e-12);
        }
      }
      expect(logPartitionBound(coupling, parameters)).toBe(logPartitionPerSite);
    }
  });
});
