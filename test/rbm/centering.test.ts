import { describe, expect, it } from "vitest";
import { referenceKernels } from "../../src/kernels/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { centerDirection } from "../../src/rbm/centering.js";
import { Direction } from "../../src/rbm/direction.js";
import { meanHiddenGivenVisible } from "../../src/rbm/energy.js";
import { type Rbm, zeroRbm } from "../../src/rbm/parameters.js";
import {
  exactKl,
  flat,
  fromFlat,
  largestDifference,
  numericalDescent,
  randomDistribution,
  randomRbm,
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
      centerDirection(direction, { visible: mu, hidden: nu }, referenceKernels);
      expect(largestDifference(flat(direction), expected)).toBeLessThan(1e-6);
      expect(Math.hypot(...expected)).toBeGreaterThan(0.1);
    }
  });

  it("vanishes with the gradient, and only with it: it always has a positive product with the gradient", () => {
    const rbm = randomRbm("spin", VISIBLE, HIDDEN, "fixed points");
    const offsets = offsetsOf(rbm, randomDistribution(VISIBLE, "fixed points"));
    const zero = directionOf(rbm, new Array<number>(19).fill(0));
    centerDirection(zero, offsets, referenceKernels);
    expect(flat(zero).every((x) => x === 0)).toBe(true);

    const gradients = new Float64Array(19 * 200);
    fillStandardNormal(seedKey("gradients"), gradients);
    for (let trial = 0; trial < 200; trial++) {
      const gradient = Array.from(gradients.subarray(19 * trial, 19 * (trial + 1)));
      const direction = directionOf(rbm, gradient);
      centerDirection(direction, offsets, referenceKernels);
      expect(flat(direction).reduce((sum, x, k) => sum + x * gradient[k], 0)).toBeGreaterThan(0.01);
    }
  });

  it("is the plain one at zero offsets", () => {
    const rbm = randomRbm("spin", VISIBLE, HIDDEN, "no offsets");
    const gradient = flat(rbm);
    const direction = directionOf(rbm, gradient);
    const before = flat(direction);
    centerDirection(
      direction,
      { visible: new Float64Array(VISIBLE), hidden: new Float64Array(HIDDEN) },
      referenceKernels,
    );
    expect(flat(direction)).toEqual(before);
  });
});

/** Sizes that are no multiple of a word, a tile of columns or a group of rows. */
const [WIDE, NARROW] = [37, 21];

describe.each(implementations)("centring factors by the $name kernels", (kernels) => {
  const terms = [
    randomTerm(kernels, 13, WIDE, NARROW, 1 / 13, "data"),
    randomTerm(kernels, 50, WIDE, NARROW, -1 / 50, "model"),
  ];

  it("gives what centring the dense direction gives, and leaves the W part factored", () => {
    for (const units of unitTypes) {
      const layer = zeroRbm(units, WIDE, NARROW);
      const offsets = { visible: new Float64Array(WIDE), hidden: new Float64Array(NARROW) };
      offsets.visible.forEach((_, i) => (offsets.visible[i] = Math.abs((i % 11) - 5) / 6));
      offsets.hidden.forEach((_, j) => (offsets.hidden[j] = ((j % 7) - 2) / 5));
      const [factored, dense] = [0, 1].map(() => {
        const direction = new Direction(layer, kernels, kernels.arena(), true);
        for (const term of terms) direction.addTerm(term);
        return direction;
      });
      expect(dense.weights).toHaveLength(WIDE * NARROW);
      centerDirection(dense, offsets, kernels);
      centerDirection(factored, offsets, kernels);
      expect(factored.factors?.terms).toEqual(terms);
      expect(factored.factors?.outerProducts).toHaveLength(2);
      // sums of some 40 products of numbers of order 1, rounded to single precision on the way
      expect(largestDifference(flat(factored), flat(dense))).toBeLessThan(1e-5);
      expect(Math.hypot(...flat(dense))).toBeGreaterThan(1);
    }
  });
});
