import { describe, expect, it } from "vitest";
import { type Kernels, referenceKernels } from "../../src/kernels/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { centerDirection, Direction } from "../../src/rbm/direction.js";
import { meanHiddenGivenVisible } from "../../src/rbm/energy.js";
import { type Rbm, type UnitType, zeroRbm } from "../../src/rbm/parameters.js";
import {
  exactKl,
  flat,
  fromFlat,
  largestDifference,
  numericalDescent,
  randomDistribution,
  randomRbm,
  termSums,
  unitTypes,
  unitValues,
} from "./oracle.js";
import { implementations, randomTerm } from "./training.js";

const [VISIBLE, HIDDEN] = [4, 3];

/** The mean of v under a distribution, and ⟨h⟩ at it: the offsets the trainer uses. */
function offsetsOf(rbm: Rbm, distribution: Float64Array) {
  const visible = new Float64Array(rbm.visible);
  distribution.forEach((p, state) => {
    unitValues(rbm.units, state, rbm.visible).forEach((v, i) => (visible[i] += p * v));
  });
  return { visible, hidden: meanHiddenGivenVisible(rbm, visible) };
}

/** A direction with the values of a flat list. */
function directionOf(rbm: Rbm, values: readonly number[]) {
  const { weights, visibleBias, hiddenBias } = fromFlat(rbm, values);
  const layer = zeroRbm(rbm.units, rbm.visible, rbm.hidden);
  const direction = new Direction(layer, referenceKernels, referenceKernels.arena(), true);
  direction.weights.set(weights);
  direction.visibleBias.set(visibleBias);
  direction.hiddenBias.set(hiddenBias);
  return direction;
}

/**
 * The RBM with E = −(v − μ)ᵀW(h − ν) − c'·v − b'·h for the parameters (W, c', b'), in the plain form: c = c' − Wν and
 * b = b' − Wᵀμ (E differs by a constant).
 */
function plainForm(rbm: Rbm, centered: readonly number[], mu: Float64Array, nu: Float64Array): Rbm {
  const { weights, visibleBias, hiddenBias } = fromFlat(rbm, centered);
  return {
    ...rbm,
    weights,
    visibleBias: visibleBias.map(
      (c, i) => c - nu.reduce((sum, n, j) => sum + weights[i * HIDDEN + j] * n, 0),
    ),
    hiddenBias: hiddenBias.map((b, j) => b - mu.reduce((sum, m, i) => sum + weights[i * HIDDEN + j] * m, 0)),
  };
}

describe("the centred direction", () => {
  it("is the plain gradient of an RBM written with v − μ and h − ν, carried back to W, c, b", () => {
    for (const units of unitTypes) {
      const rbm = randomRbm(units, VISIBLE, HIDDEN, "centred");
      const target = randomDistribution(VISIBLE, "centred");
      const { visible: mu, hidden: nu } = offsetsOf(rbm, target);

      // centred parameters of the same model: c' = c + Wν, b' = b + Wᵀμ is plainForm with the offsets reversed
      const negated = (x: Float64Array): Float64Array => x.map((value) => -value);
      const centered = flat(plainForm(rbm, flat(rbm), negated(mu), negated(nu)));
      expect(largestDifference(flat(plainForm(rbm, centered, mu, nu)), flat(rbm))).toBeLessThan(1e-14);

      const step = 1e-4;
      const gradient = centered.map((_, k) => {
        const kl = (change: number): number => {
          const parameters = centered.map((x, index) => (index === k ? x + change : x));
          return exactKl(plainForm(rbm, parameters, mu, nu), target);
        };
        return (kl(-step) - kl(step)) / (2 * step);
      });
      // the step is linear in the parameters, so its image is exact at any length
      const after = flat(
        plainForm(
          rbm,
          centered.map((x, k) => x + gradient[k]),
          mu,
          nu,
        ),
      );
      const expected = after.map((x, k) => x - flat(rbm)[k]);

      const direction = directionOf(rbm, numericalDescent(rbm, target));
      centerDirection(direction, { visible: mu, hidden: nu });
      expect(largestDifference(flat(direction), expected)).toBeLessThan(1e-6);
      expect(Math.hypot(...expected)).toBeGreaterThan(0.1);
    }
  });

  it("vanishes with the gradient, and only with it: it always has a positive product with the gradient", () => {
    const rbm = randomRbm("spin", VISIBLE, HIDDEN, "fixed points");
    const offsets = offsetsOf(rbm, randomDistribution(VISIBLE, "fixed points"));
    const zero = directionOf(rbm, new Array<number>(19).fill(0));
    centerDirection(zero, offsets);
    expect(flat(zero).every((x) => x === 0)).toBe(true);

    const gradients = new Float64Array(19 * 200);
    fillStandardNormal(seedKey("gradients"), gradients);
    for (let trial = 0; trial < 200; trial++) {
      const gradient = Array.from(gradients.subarray(19 * trial, 19 * (trial + 1)));
      const direction = directionOf(rbm, gradient);
      centerDirection(direction, offsets);
      expect(flat(direction).reduce((sum, x, k) => sum + x * gradient[k], 0)).toBeGreaterThan(0.01);
    }
  });

  it("is the plain one at zero offsets", () => {
    const rbm = randomRbm("spin", VISIBLE, HIDDEN, "no offsets");
    const gradient = flat(rbm);
    const direction = directionOf(rbm, gradient);
    const before = flat(direction);
    centerDirection(direction, { visible: new Float64Array(VISIBLE), hidden: new Float64Array(HIDDEN) });
    expect(flat(direction)).toEqual(before);
  });
});

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
      expect(direction.terms).toEqual([]);
      direction.addTerm(data);
      direction.addTerm(model);
      expect(direction.terms?.map((term) => term === data)).toEqual([true, false]);
      expect(direction.terms?.[1]).toBe(model);
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
      expect(direction.terms).toBeNull();
      expect(largestDifference(flat(direction), expected)).toBeLessThan(5e-7);
    }
  });

  it("adds up dense parts and terms in any order", () => {
    for (const units of unitTypes) {
      const direction = directionFor(units, kernels);
      direction.addTerm(data);
      for (let k = 0; k < WIDE * NARROW; k++) direction.weights[k] -= k % 7;
      direction.addTerm(model);
      expect(direction.terms).toBeNull();
      direction.visibleBias[3] += 2;
      direction.hiddenBias[5] -= 3;
      const expected = termSums(units, [data, model]);
      for (let k = 0; k < WIDE * NARROW; k++) expected[k] -= k % 7;
      expected[WIDE * NARROW + 3] += 2;
      expected[WIDE * NARROW + WIDE + 5] -= 3;
      expect(largestDifference(flat(direction), expected)).toBeLessThan(1e-6);
    }
  });

  it("is zero and free of terms after clear(), and then as good as new", () => {
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
        },
      ];
      for (const prepare of prepared) {
        prepare();
        direction.clear();
        expect(direction.terms).toEqual([]);
        expect(flat(direction).every((x) => x === 0)).toBe(true);
        prepare();
        direction.clear();
        direction.addTerm(model);
        expect(direction.terms).toHaveLength(1);
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
});
