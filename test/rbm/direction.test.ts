import { describe, expect, it } from "vitest";
import { type Kernels, rowRange } from "../../src/kernels/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { Direction } from "../../src/rbm/direction.js";
import { type UnitType, zeroRbm } from "../../src/rbm/parameters.js";
import { flat, largestDifference, termSums, unitTypes } from "./oracle.js";
import { implementations, randomTerm } from "./training.js";

/** Sizes that are no multiple of a word, a tile of columns or a group of rows. */
const [WIDE, NARROW] = [37, 21];

function directionFor(units: UnitType, kernels: Kernels, biases = true): Direction {
  return new Direction(zeroRbm(units, WIDE, NARROW), kernels, kernels.arena(), biases);
}

describe.each(implementations)("a direction of correlation terms by the $name kernels", (kernels) => {
  const data = randomTerm(kernels, 13, WIDE, NARROW, 1 / 13, "data");
  const model = randomTerm(kernels, 50, WIDE, NARROW, -1 / 50, "model");

  it("keeps its W part as the terms that were added, in order, and has their biases at once", () => {
    for (const units of unitTypes) {
      const direction = directionFor(units, kernels);
      expect(direction.factors).toEqual({ terms: [], outerProducts: [] });
      direction.addTerm(data);
      direction.addTerm(model);
      expect(direction.factors?.terms.map((term) => term === data)).toEqual([true, false]);
      expect(direction.factors?.terms[1]).toBe(model);
      const expected = termSums(units, [data, model]).slice(WIDE * NARROW);
      const found = [...direction.visibleBias, ...direction.hiddenBias];
      expect(largestDifference(found, expected)).toBeLessThan(5e-7);
    }
  });

  it("is the sum over its rows once it is multiplied out, however often that is asked for", () => {
    for (const units of unitTypes) {
      const direction = directionFor(units, kernels);
      direction.addTerm(data);
      direction.addTerm(model);
      const expected = termSums(units, [data, model]);
      expect(largestDifference(flat(direction), expected)).toBeLessThan(5e-7);
      expect(direction.factors).toBeNull();
      expect(largestDifference(flat(direction), expected)).toBeLessThan(5e-7);
    }
  });

  it("adds up dense parts and terms in any order", () => {
    for (const units of unitTypes) {
      const direction = directionFor(units, kernels);
      direction.addTerm(data);
      for (let k = 0; k < WIDE * NARROW; k++) direction.weights[k] -= k % 7;
      direction.addTerm(model);
      expect(direction.factors).toBeNull();
      direction.visibleBias[3] += 2;
      direction.hiddenBias[5] -= 3;
      const expected = termSums(units, [data, model]);
      for (let k = 0; k < WIDE * NARROW; k++) expected[k] -= k % 7;
      expected[WIDE * NARROW + 3] += 2;
      expected[WIDE * NARROW + WIDE + 5] -= 3;
      expect(largestDifference(flat(direction), expected)).toBeLessThan(1e-6);
    }
  });

  it("adds outer products, alone and beside terms", () => {
    const [v, h] = [new Float32Array(WIDE), new Float32Array(NARROW)];
    fillStandardNormal(seedKey("outer v"), v);
    fillStandardNormal(seedKey("outer h"), h);
    for (const units of unitTypes) {
      const direction = directionFor(units, kernels);
      direction.addTerm(data);
      direction.addOuterProduct(v, h);
      expect(direction.factors?.outerProducts).toEqual([{ visible: v, hidden: h }]);
      const expected = termSums(units, [data]);
      v.forEach((x, i) => {
        h.forEach((y, j) => (expected[i * NARROW + j] += x * y));
      });
      expect(largestDifference(flat(direction), expected)).toBeLessThan(1e-6);
      direction.addOuterProduct(v, h);
      v.forEach((x, i) => {
        h.forEach((y, j) => (expected[i * NARROW + j] += x * y));
      });
      expect(direction.factors).toBeNull();
      expect(largestDifference(flat(direction), expected)).toBeLessThan(2e-6);
    }
  });

  it("is zero and free of factors after clear(), and then as good as new", () => {
    for (const units of unitTypes) {
      const direction = directionFor(units, kernels);
      const prepared: (() => void)[] = [
        () => {
          direction.addTerm(data);
        },
        () => {
          direction.addTerm(data);
          direction.weights.fill(1, 0, 5);
        },
        () => {
          direction.weights.fill(2);
          direction.addTerm(model);
          direction.addOuterProduct(new Float32Array(WIDE).fill(1), new Float32Array(NARROW).fill(2));
        },
      ];
      for (const prepare of prepared) {
        prepare();
        direction.clear();
        expect(direction.factors).toEqual({ terms: [], outerProducts: [] });
        expect(flat(direction).every((x) => x === 0)).toBe(true);
        prepare();
        direction.clear();
        direction.addTerm(model);
        expect(direction.factors?.terms).toHaveLength(1);
        expect(largestDifference(flat(direction), termSums(units, [model]))).toBeLessThan(5e-7);
        direction.clear();
      }
    }
  });

  it("without biases has the same W part and zeros for the biases", () => {
    for (const units of unitTypes) {
      const [free, full] = [false, true].map((biases) => directionFor(units, kernels, biases));
      for (const direction of [free, full]) {
        direction.addTerm(data);
        direction.addTerm(model);
      }
      expect([...free.visibleBias, ...free.hiddenBias].every((x) => x === 0)).toBe(true);
      expect([...full.visibleBias, ...full.hiddenBias].some((x) => x !== 0)).toBe(true);
      expect(free.weights).toEqual(full.weights);
    }
  });

  it("adds a term whose rows have weights, whatever was added before", () => {
    const rowWeights = new Float32Array(13);
    fillStandardNormal(seedKey("weights"), rowWeights);
    for (const units of unitTypes) {
      for (const biases of [true, false]) {
        const direction = directionFor(units, kernels, biases);
        const term = { ...data, hiddenMeans: data.hiddenMeans.slice() };
        direction.addTerm(term);
        direction.addWeightedTerm(term, rowWeights);
        const expected = termSums(units, [data]);
        rowWeights.forEach((weight, row) => {
          const visible = rowRange(data.visible, row, 1);
          const hiddenMeans = data.hiddenMeans.slice(row * NARROW, (row + 1) * NARROW);
          const scale = weight * data.scale;
          termSums(units, [{ visible, hiddenMeans, scale }]).forEach((x, k) => (expected[k] += x));
        });
        if (!biases) expected.fill(0, WIDE * NARROW);
        expect(largestDifference(flat(direction), expected)).toBeLessThan(1e-6);
      }
    }
  });

  it("adds dense statistics, and scales and measures itself in any form", () => {
    for (const units of unitTypes) {
      for (const biases of [true, false]) {
        const direction = directionFor(units, kernels, biases);
        const statistics = {
          weights: Float64Array.from({ length: WIDE * NARROW }, (_, k) => Math.sin(k)),
          visibleBias: Float64Array.from({ length: WIDE }, (_, k) => Math.cos(k)),
          hiddenBias: Float64Array.from({ length: NARROW }, (_, k) => k / NARROW),
        };
        direction.addTerm(data);
        direction.scale(-2);
        expect(direction.factors?.terms).toHaveLength(1);
        direction.addOuterProduct(new Float32Array(WIDE).fill(0.5), new Float32Array(NARROW).fill(0.25));
        direction.scale(3);
        direction.addDense(statistics, 0.5);
        direction.scale(0.5);
        const expected = termSums(units, [data]).map((x) => -3 * x);
        for (let k = 0; k < WIDE * NARROW; k++) expected[k] += 1.5 * 0.125;
        flat(statistics).forEach((x, k) => (expected[k] += 0.25 * x));
        if (!biases) expected.fill(0, WIDE * NARROW);
        expect(largestDifference(flat(direction), expected)).toBeLessThan(2e-6);
        const norm = expected.reduce((sum, x) => sum + x * x, 0);
        expect(direction.squaredNorm() / norm).toBeCloseTo(1, 5);
      }
    }
  });
});
