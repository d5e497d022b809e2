import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { chain, latticeName, parseLattice, torus } from "../../src/ising/lattice.js";

describe("lattices", () => {
  it("have mutual neighbours: every bond is listed from both ends, once in each direction", () => {
    for (const lattice of [chain(2), chain(7), torus(2, 2), torus(2, 5), torus(3, 4), torus(5, 3)]) {
      const { sites, degree, neighbors } = lattice;
      for (let site = 0; site < sites; site++) {
        for (let d = 0; d < degree; d++) {
          // Opposite directions are paired: +x with −x, +y with −y.
          expect(neighbors[neighbors[site * degree + d] * degree + (d ^ 1)]).toBe(site);
          expect(neighbors[site * degree + d]).not.toBe(site);
        }
      }
    }
  });

  it("number sites row-major: site = x·Ly + y", () => {
    const { neighbors } = torus(3, 4);
    // Site (2, 3) = 11 has +x → (0, 3), −x → (1, 3), +y → (2, 0), −y → (2, 2).
    expect([...neighbors.subarray(44, 48)]).toEqual([3, 7, 8, 10]);
  });

  it("are read and written as users do", () => {
    expect(parseLattice("40x40").sites).toBe(1600);
    expect(parseLattice(" 8 × 3 ").shape).toEqual([8, 3]);
    expect(parseLattice("64").kind).toBe("chain");
    expect(latticeName(torus(3, 5))).toBe("3x5");
    for (const text of [
      "",
      "x",
      "4x",
      "-3x4",
      "4.5x4",
      "1e2",
      "3x3x3",
      "0",
      "1",
      "1x1",
      "0x3",
      "1x5",
      "9999999x9999999",
    ]) {
      expect(() => parseLattice(text), text).toThrow(DomainError);
    }
  });
});
