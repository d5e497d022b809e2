import fc from "fast-check";
import { expect, it } from "vitest";
import { BondSum } from "../../src/ising/bond-sum.js";
import { isingHamiltonian, isingHamiltonians } from "../../src/ising/hamiltonian.js";
import { chain, torus } from "../../src/ising/lattice.js";
import { measure } from "../../src/ising/measurements.js";
import { isingModel } from "../../src/ising/model.js";
import { packBits } from "../../src/kernels/index.js";

const side = fc.integer({ min: 2, max: 37 });
const lattices = fc.oneof(
  fc.tuple(side, side).map(([width, height]) => torus(width, height)),
  fc.integer({ min: 2, max: 100 }).map(chain),
);

/** A lattice and three configurations of it. */
const samples = lattices.chain((lattice) =>
  fc.record({
    lattice: fc.constant(lattice),
    spins: fc.array(fc.constantFrom(-1, 1), { minLength: 3 * lattice.sites, maxLength: 3 * lattice.sites }),
  }),
);

it("bond sums of packed rows, and H, are those of spin by spin", () => {
  fc.assert(
    fc.property(samples, ({ lattice, spins }) => {
      const rows = packBits(spins, 3, lattice.sites);
      const model = isingModel(lattice, 0.37, -0.21);
      const [bonds, hamiltonians] = [new BondSum(lattice), isingHamiltonians(model, rows)];
      for (let row = 0; row < 3; row++) {
        const own = Int8Array.from(spins.slice(row * lattice.sites, (row + 1) * lattice.sites));
        let sum = 0;
        own.forEach((spin, site) => {
          for (let d = 0; d < lattice.degree; d++) {
            sum += (spin * own[lattice.neighbors[site * lattice.degree + d]]) / 2;
          }
        });
        expect(bonds.of(rows, row)).toBe(sum);
        expect(hamiltonians[row]).toBe(isingHamiltonian(model, own));
      }
    }),
    { numRuns: 200, seed: 5 },
  );
});

it("structure factors are those of the sum over all sites", () => {
  fc.assert(
    fc.property(samples, ({ lattice, spins }) => {
      const { shape, sites } = lattice;
      const { structureFactors } = measure(isingModel(lattice, 0.4), packBits(spins, 3, sites), 3);
      shape.forEach((length, axis) => {
        const stride = axis === shape.length - 1 ? 1 : shape[1];
        for (let row = 0; row < 3; row++) {
          let [real, imaginary] = [0, 0];
          for (let site = 0; site < sites; site++) {
            const angle = (2 * Math.PI * (Math.floor(site / stride) % length)) / length;
            real += spins[row * sites + site] * Math.cos(angle);
            imaginary += spins[row * sites + site] * Math.sin(angle);
          }
          const expected = (real * real + imaginary * imaginary) / (sites * sites);
          expect(structureFactors[axis][row][0]).toBeCloseTo(expected, 12);
        }
      });
    }),
    { numRuns: 100, seed: 6 },
  );
});
