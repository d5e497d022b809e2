import { expect, it } from "vitest";
import { exactIsingLogPartition } from "../../src/ising/free-energy.js";
import { chain, torus } from "../../src/ising/lattice.js";
import { isingLogPartitionBounds } from "../../src/ising/log-partition-bounds.js";
import { isingModel } from "../../src/ising/model.js";

it("hold ln Z between them, and are ln Z without coupling", () => {
  for (const lattice of [torus(4, 4), torus(3, 5), torus(2, 3), chain(7)]) {
    for (const field of [0, 0.3, -1]) {
      const free = isingLogPartitionBounds(isingModel(lattice, 0, field));
      expect(free.lower).toBeCloseTo(lattice.sites * Math.log(2 * Math.cosh(field)), 12);
      expect(free.upper).toBe(free.lower);
      for (const coupling of [0.1, 0.44, 1.5]) {
        const model = isingModel(lattice, coupling, field);
        const { lower, upper } = isingLogPartitionBounds(model);
        const { value } = exactIsingLogPartition(model)!;
        expect(value).toBeGreaterThan(lower);
        expect(value).toBeLessThan(upper);
      }
    }
  }
});
