import { describe, expect, it } from "vitest";
import {
  allCouplings,
  allPairs,
  type Couplings,
  type Expansion,
  expandHamiltonian,
  expandClasses,
  fieldSets,
  latticeClasses,
  projectHamiltonian,
  squaresByOrder,
  type SpinSets,
} from "../../../src/analysis/couplings/index.js";
import { decimationStack } from "../../../src/analysis/exact-decimation.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { bitMatrix, referenceKernels } from "../../../src/kernels/index.js";
import { bondRbm } from "../../../src/rbm/bond-rbm.js";
import { effectiveHamiltonian } from "../../../src/rbm/energy.js";
import { transposeRbm, visibleHamiltonians } from "../../../src/rbm/ensemble.js";
import type { Rbm } from "../../../src/rbm/parameters.js";
import { kernels } from "../../physics/kernels.js";
import { randomRbm } from "./random-rbm.js";

/** A few sets of three and four of the first 12 spins. */
const products: readonly SpinSets[] = [
  { order: 3, members: Int32Array.of(0, 1, 2, 3, 7, 9, 2, 5, 11) },
  { order: 4, members: Int32Array.of(0, 1, 2, 3, 3, 7, 9, 10, 1, 2, 5, 11) },
];

const maskOf = ({ order, members }: SpinSets, set: number): number =>
  members.subarray(set * order, (set + 1) * order).reduce((mask, spin) => mask | (1 << spin), 0);

/** Largest deviation of an expansion from the enumerated couplings, and the largest in units of its own bound. */
function deviations(
  { fields, couplings, constant }: Expansion,
  sets: readonly SpinSets[],
  spins: number,
  exact: Float64Array,
): { absolute: number; constant: number; relative: number } {
  let [absolute, relative] = [0, 0];
  const compare = (of: SpinSets, { values, errors }: Couplings): void => {
    values.forEach((value, set) => {
      const deviation = Math.abs(value - exact[maskOf(of, set)]);
      absolute = Math.max(absolute, deviation);
      relative = Math.max(relative, deviation / (errors[set] + 1e-14));
    });
  };
  compare(fieldSets(spins), fields);
  sets.forEach((of, index) => {
    compare(of, couplings[index]);
  });
  return { absolute, relative, constant: Math.abs(constant - exact[0]) };
}

describe("allCouplings", () => {
  it("is the average of −H times the product over all states, written out", () => {
    const rbm = randomRbm(4, 3, 1);
    const all = allCouplings(visibleHamiltonians(rbm, referenceKernels));
    for (let set = 0; set < 16; set++) {
      let sum = 0;
      for (let state = 0; state < 16; state++) {
        const v: number[] = [0, 1, 2, 3].map((i) => ((state >>> i) & 1 ? 1 : -1));
        const product = v.reduce((value, spin, i) => ((set >>> i) & 1 ? value * spin : value), 1);
        sum -= (product * effectiveHamiltonian(rbm, v)) / 16;
      }
      expect(all[set]).toBeCloseTo(sum, 13);
    }
    expect(squaresByOrder(all).reduce((a, b) => a + b)).toBeCloseTo(
      all.reduce((sum, j) => sum + j * j, 0),
      12,
    );
    expect(squaresByOrder(all)[1]).toBeCloseTo(
      [1, 2, 4, 8].reduce((sum, set) => sum + all[set] ** 2, 0),
      12,
    );
    expect(() => allCouplings(new Float64Array(12))).toThrow(/12 values: expected one for each of 2\^n/);
  });
});

describe("expandHamiltonian", () => {
  it.each([
    [0.05, "spin"],
    [0.5, "spin"],
    [3, "spin"],
    [12, "spin"],
    [1.5, "binary"],
  ] as const)("is exact for 16 visible units, weights of %d, %s units", async (scale, units) => {
    const rbm = randomRbm(16, 6, scale, units);
    const sets = [allPairs(16), ...products];
    const exact = allCouplings(visibleHamiltonians(rbm, kernels));
    const found = deviations(await expandHamiltonian(rbm, sets), sets, 16, exact);
    expect(found.absolute).toBeLessThan(1e-12);
    expect(found.relative).toBeLessThan(1);
    expect(found.constant).toBeLessThan(1e-11);
  });

  it("is exact for the hidden marginal, the weights transposed", async () => {
    const rbm = transposeRbm(randomRbm(7, 12, 0.8));
    const sets = [allPairs(12), ...products];
    const exact = allCouplings(visibleHamiltonians(rbm, kernels));
    expect(deviations(await expandHamiltonian(rbm, sets), sets, 12, exact).absolute).toBeLessThan(1e-12);
  });

  it("does not lose precision where weights are equal, so that cosines vanish together", async () => {
    const rbm: Rbm = { ...randomRbm(12, 3, 1), weights: new Float64Array(36).fill(Math.PI / 2) };
    const sets = [allPairs(12), ...products];
    const exact = allCouplings(visibleHamiltonians(rbm, kernels));
    expect(deviations(await expandHamiltonian(rbm, sets), sets, 12, exact).absolute).toBeLessThan(1e-12);
  });

  it.each([
    [0.1, 0],
    [0.1, 6],
    [1, 3],
    [1, 10],
    [4, 6],
  ])("errs by less than it says with weights of %d, the %i largest exact", async (scale, largestWeights) => {
    const rbm = randomRbm(14, 6, scale);
    const sets = [allPairs(14), ...products];
    const exact = allCouplings(visibleHamiltonians(rbm, kernels));
    const found = deviations(await expandHamiltonian(rbm, sets, { largestWeights }), sets, 14, exact);
    expect(found.absolute).toBeGreaterThan(1e-12); // it is an approximation
    expect(found.relative).toBeLessThan(1);
    expect(found.relative).toBeGreaterThan(0.005); // and the bound is of use
  });

  it("takes as many weights as there are for all of them", async () => {
    const rbm = randomRbm(8, 2, 1);
    const [all, most] = [
      await expandHamiltonian(rbm, []),
      await expandHamiltonian(rbm, [], { largestWeights: 8 }),
    ];
    expect(most).toEqual(all);
  });

  it("refuses sets that are none, and weights beyond its range", async () => {
    const rbm = randomRbm(4, 2, 1);
    const pair = (a: number, b: number): SpinSets => ({ order: 2, members: Int32Array.of(a, b) });
    await expect(expandHamiltonian(rbm, [pair(1, 1)])).rejects.toThrow(
      /the set \{1, 1\}: expected different/,
    );
    await expect(expandHamiltonian(rbm, [pair(0, 4)])).rejects.toThrow(/from 0 to 3/);
    await expect(expandHamiltonian(rbm, [{ order: 5, members: new Int32Array(5) }])).rejects.toThrow(
      /1 to 4/,
    );
    const huge = { ...rbm, weights: new Float64Array(8).fill(1e4) };
    await expect(expandHamiltonian(huge, [])).rejects.toThrow(/a parameter of 10000/);
  });
});

describe("the bond RBM", () => {
  it.each([
    [torus(6, 6), 0.408],
    [torus(5, 4), 0.9],
    [chain(12), 0.3],
  ])("has K between nearest neighbours and nothing else (%o)", async (lattice, coupling) => {
    const rbm = bondRbm(isingModel(lattice, coupling));
    const classes = latticeClasses(lattice.shape, 6);
    const expanded = await expandClasses(rbm, classes);
    expect(expanded.length).toBeGreaterThan(6);
    for (const { summary } of expanded) {
      const expected = summary.order === 2 && summary.distance === 1 ? coupling : 0;
      expect(Math.abs(summary.coupling - expected)).toBeLessThan(1e-10);
      expect(summary.deviation).toBeLessThan(1e-10);
    }
  });

  it("has a doubled coupling across a side of 2", async () => {
    const lattice = torus(2, 4);
    const expanded = await expandClasses(bondRbm(isingModel(lattice, 0.4)), latticeClasses([2, 4], 1));
    const pairs = expanded.find(({ of }) => of.name === "pair 1,0")!;
    expect(
      Array.from(pairs.values)
        .map((j) => j.toFixed(10))
        .sort(),
    ).toEqual([
      ...Array.from({ length: 8 }, () => "0.4000000000"),
      ...Array.from({ length: 4 }, () => "0.8000000000"),
    ]);
  });

  it("is found again by projection on any configurations", () => {
    const model = isingModel(torus(4, 4), 0.408);
    const rows = bitMatrix(60, 16);
    rows.words.forEach((_, row) => (rows.words[row] = (row * 40503 + 17) & 0xffff));
    const rbm = bondRbm(model);
    const energies = Float64Array.from({ length: 60 }, (_, row) =>
      effectiveHamiltonian(
        rbm,
        Int8Array.from({ length: 16 }, (__, i) => ((rows.words[row] >>> i) & 1 ? 1 : -1)),
      ),
    );
    const classes = latticeClasses([4, 4], 2.5);
    const { couplings, residualVariance, variance } = projectHamiltonian(energies, rows, classes);
    for (const { name, coupling } of couplings) {
      expect(coupling).toBeCloseTo(name === "pair 1,0" ? 0.408 : 0, 10);
    }
    expect(residualVariance).toBeLessThan(1e-20 * variance + 1e-20);
    expect(() =>
      projectHamiltonian(
        energies,
        rows,
        Array.from({ length: 61 }, () => classes[0]),
      ),
    ).toThrow(/60 energies of 60 configurations for 61 couplings/);
  });
});

describe("decimation as an RBM", () => {
  it("has K between visible spins and K′ between hidden ones, tanh K′ = tanh² K, with copying weights of 21", async () => {
    const [{ rbm, decimated }] = decimationStack(12, 0.7, 1);
    const visible = await expandClasses(rbm, latticeClasses([12], 4));
    const hidden = await expandClasses(transposeRbm(rbm), latticeClasses([6], 3));
    expect(Math.tanh(decimated)).toBeCloseTo(Math.tanh(0.7) ** 2, 12);
    for (const [sides, nearest] of [[visible, 0.7] as const, [hidden, decimated] as const]) {
      for (const { summary } of sides) {
        const expected = summary.order === 2 && summary.distance === 1 ? nearest : 0;
        expect(Math.abs(summary.coupling - expected)).toBeLessThan(1e-10);
      }
    }
  });
});
