import { describe, expect, it } from "vitest";
import {
  allPairs,
  type CouplingClass,
  latticeClasses,
  placedClasses,
  strongestPairs,
  unplacedClasses,
} from "../../../src/analysis/couplings/index.js";
import { randomRbm } from "./random-rbm.js";

const counts = (classes: readonly CouplingClass[]): Record<string, number> =>
  Object.fromEntries(classes.map(({ name, members, order }) => [name, members.length / order]));

describe("latticeClasses", () => {
  it("counts every product of a torus once", () => {
    expect(counts(latticeClasses([6, 6], 3))).toEqual({
      field: 36,
      "pair 1,0": 72,
      "pair 1,1": 72,
      "pair 2,0": 72,
      "pair 2,1": 144,
      "pair 2,2": 72,
      "pair 3,0": 36, // half a side away: r and −r are the same pair
      corner: 144,
      "line of 3": 72,
      plaquette: 36,
    });
  });

  it.each([[[6, 6]], [[5, 3]], [[2, 4]], [[2, 2]], [[9]], [[2]]])(
    "has all pairs of %o within its diameter",
    (shape) => {
      const sites = shape.reduce((a, b) => a * b, 1);
      const pairs = latticeClasses(shape, 100).filter(({ order }) => order === 2);
      const names = pairs.flatMap(({ members }) =>
        Array.from({ length: members.length / 2 }, (_, k) => `${members[2 * k]},${members[2 * k + 1]}`),
      );
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBe((sites * (sites - 1)) / 2);
    },
  );

  it("leaves out products that a small lattice folds together", () => {
    expect(counts(latticeClasses([2, 2], 1))).toEqual({ field: 4, "pair 1,0": 4, corner: 4, plaquette: 1 });
    expect(counts(latticeClasses([3], 1))).toEqual({ field: 3, "pair 1": 3, "line of 3": 1 });
    expect(() => latticeClasses([4, 4], 0.5)).toThrow(/a distance of 0.5 sites/);
  });
});

describe("placedClasses", () => {
  it("puts pairs into bins of their distance on the torus, with the product of the signs", () => {
    const places = {
      centers: [
        [0, 0],
        [0, 7],
        [4, 0],
        [NaN, NaN],
      ],
      signs: [1, -1, 1, 1],
      shape: [8, 8],
    };
    const [field, ...pairs] = placedClasses(places, 10);
    expect([...field.members, ...field.signs!]).toEqual([0, 1, 2, 1, -1, 1]);
    expect(
      pairs.map(({ name, members, signs, distance }) => [name, [...members], [...signs!], distance]),
    ).toEqual([
      ["pair 1", [0, 1], [-1], 1],
      ["pair 4", [0, 2, 1, 2], [1, -1], (4 + Math.hypot(4, 1)) / 2],
    ]);
    expect(placedClasses(places, 2)).toHaveLength(2);
  });
});

describe("pairs without places", () => {
  it("are in one class or in one each", () => {
    expect(counts(unplacedClasses(3, allPairs(3), false))).toEqual({ field: 3, pair: 3 });
    expect(counts(unplacedClasses(3, allPairs(3), true))).toEqual({
      field: 3,
      "pair 0,1": 1,
      "pair 0,2": 1,
      "pair 1,2": 1,
    });
  });

  it("are all of them, or the strongest to second order", () => {
    const rbm = randomRbm(9, 4, 1);
    expect(strongestPairs(rbm, 36)).toEqual(allPairs(9));
    const size = (j: number, k: number): number => {
      let sum = 0;
      for (let a = 0; a < 4; a++) sum += rbm.weights[j * 4 + a] * rbm.weights[k * 4 + a];
      return Math.abs(sum);
    };
    const sizesOf = (members: Int32Array): number[] =>
      Array.from({ length: members.length / 2 }, (_, p) => size(members[2 * p], members[2 * p + 1]));
    const least = sizesOf(allPairs(9).members).sort((a, b) => b - a)[9];
    const chosen = sizesOf(strongestPairs(rbm, 10).members);
    expect(chosen).toHaveLength(10);
    expect(Math.min(...chosen)).toBeCloseTo(least, 12);
  });
});
