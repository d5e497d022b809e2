import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Direction, zeroDirection } from "../../src/rbm/direction.js";
import {
  type L1Form,
  type OptimizerName,
  type OptimizerOptions,
  optimizers,
} from "../../src/rbm/optimizers/index.js";
import { softThreshold } from "../../src/rbm/optimizers/optimizer.js";
import { flat, largestDifference, randomRbm, toSingle } from "./oracle.js";

const allocate = (length: number): Float32Array => new Float32Array(length);
const names = Object.keys(optimizers) as OptimizerName[];

function options(
  momentum: number,
  penalty: { l1?: number; l1Form?: L1Form; l2?: number } = {},
  bias = true,
): OptimizerOptions {
  return {
    momentum,
    secondMomentDecay: 0.99,
    bias,
    penalty: { l1: 0, l1Form: "soft-threshold", l2: 0, ...penalty },
  };
}

/** A layer with one weight, an optimiser for it, and a function that makes one step along a slope. */
function oneWeight(name: OptimizerName, start: number, given: OptimizerOptions) {
  const layer = toSingle(randomRbm("spin", 1, 1, "one", 0));
  layer.weights[0] = start;
  const optimizer = optimizers[name](layer, given, allocate);
  const direction = zeroDirection(layer, allocate);
  return {
    get weight(): number {
      return layer.weights[0];
    },
    step(slope: number, rate: number): void {
      direction.weights[0] = slope;
      optimizer.step(direction, rate);
    },
  };
}

/** Descend ½ a (w − w0)²: sgd with a constant rate, adam (whose steps do not shrink with the slope) with a falling one. */
function minimize(
  name: OptimizerName,
  start: number,
  a: number,
  w0: number,
  given: OptimizerOptions,
): number {
  const weight = oneWeight(name, start, given);
  for (let step = 0; step < 6000; step++) {
    const rate = name === "sgd" ? 0.02 : 0.02 * Math.min(1, 40 * 0.998 ** step);
    weight.step(-a * (weight.weight - w0), rate);
  }
  return weight.weight;
}

function constantDirection(direction: Direction, slope: number): Direction {
  for (const array of [direction.weights, direction.visibleBias, direction.hiddenBias]) array.fill(slope);
  return direction;
}

describe("sgd with momentum", () => {
  it("on a constant slope g has w_t = w_0 + rate·g Σ_s (1 − μ^s)/(1 − μ), biases alike", () => {
    for (const momentum of [0, 0.5, 0.9]) {
      const layer = toSingle(randomRbm("spin", 3, 2, "closed form"));
      const before = flat(layer);
      const optimizer = optimizers.sgd(layer, options(momentum), allocate);
      const direction = constantDirection(zeroDirection(layer, allocate), -0.7);
      let distance = 0;
      for (let t = 1; t <= 30; t++) {
        optimizer.step(direction, 0.01);
        distance += (1 - momentum ** t) / (1 - momentum);
        const expected = before.map((w) => w - 0.007 * distance);
        expect(largestDifference(flat(layer), expected)).toBeLessThan(3e-6);
      }
    }
  });

  it("takes the rate of each step: a slope that ends leaves a geometric tail", () => {
    const weight = oneWeight("sgd", 0, options(0.5));
    weight.step(1, 0.5);
    weight.step(0, 123);
    weight.step(2, 0.25);
    expect(weight.weight).toBe(0.5 + 0.25 + (0.125 + 0.5));
  });
});

describe("adam", () => {
  it("makes a first step of rate · sign(g), whatever the size of g", () => {
    for (const slope of [1e-3, -0.2, 5, -1e4]) {
      const weight = oneWeight("adam", 0.25, options(0.9));
      weight.step(slope, 0.01);
      expect(weight.weight).toBeCloseTo(0.25 + 0.01 * Math.sign(slope), 6);
    }
  });

  it("follows the recursion of Kingma & Ba in every array", () => {
    const [beta1, beta2, epsilon, rate] = [0.8, 0.99, 1e-8, 0.02];
    const layer = toSingle(randomRbm("spin", 2, 2, "adam"));
    const expected = flat(layer);
    const optimizer = optimizers.adam(layer, options(beta1), allocate);
    const direction = zeroDirection(layer, allocate);
    const [mean, square] = [new Float64Array(8), new Float64Array(8)];
    for (let t = 1; t <= 40; t++) {
      const slopes = expected.map((_, k) => Math.sin(t * (k + 1)) + 0.1 * k);
      direction.weights.set(slopes.slice(0, 4));
      direction.visibleBias.set(slopes.slice(4, 6));
      direction.hiddenBias.set(slopes.slice(6));
      optimizer.step(direction, rate);
      slopes.forEach((g, k) => {
        mean[k] = beta1 * mean[k] + (1 - beta1) * g;
        square[k] = beta2 * square[k] + (1 - beta2) * g * g;
        const corrected = Math.sqrt(square[k] / (1 - beta2 ** t)) + epsilon;
        expected[k] += (rate * mean[k]) / (1 - beta1 ** t) / corrected;
      });
      expect(largestDifference(flat(layer), expected)).toBeLessThan(1e-5);
    }
  });

  it("without momentum starts like any other", () => {
    const weight = oneWeight("adam", 0, options(0));
    weight.step(-3, 0.01);
    expect(weight.weight).toBeCloseTo(-0.01, 7);
  });
});

describe("the soft threshold", () => {
  it("is the proximal map: the minimiser of ½ (x − w)² + t|x|", () => {
    const numbers = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 2, noNaN: true }), numbers, (w, t, other) => {
        const cost = (x: number): number => (x - w) ** 2 / 2 + t * Math.abs(x);
        const best = softThreshold(w, t);
        expect(cost(best)).toBeLessThanOrEqual(cost(other) + 1e-12);
        expect(cost(best)).toBeLessThanOrEqual(cost(best + 1e-3 * other) + 1e-12);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each(names)("%s keeps a zero weight exactly zero while |slope| ≤ λ₁", (name) => {
    for (const momentum of [0, 0.5, 0.9]) {
      const weight = oneWeight(name, 0, options(momentum, { l1: 0.3 }));
      for (let step = 0; step < 200; step++) {
        // adam divides by the slope's own size, so there only a steady slope is bounded by λ₁ all along
        weight.step(name === "adam" ? 0.29 : 0.299 * Math.sin(step * step), 0.1);
        expect(weight.weight).toBe(0);
      }
    }
  });

  it.each(names)("%s brings weights to exact zeros and lets go of them when the slope exceeds λ₁", (name) => {
    const weight = oneWeight(name, 0.05, options(0.5, { l1: 0.3 }));
    for (let step = 0; step < 200; step++) weight.step(0.1, 0.01);
    expect(weight.weight).toBe(0);
    for (let step = 0; step < 200; step++) weight.step(-0.4, 0.01);
    expect(weight.weight).toBeLessThan(-0.1);
  });
});

describe.each(names)("the minimum %s finds for ½ a (w − w0)²", (name) => {
  const quadratics = [
    [1, 0.8],
    [2.5, -0.4],
    [0.7, 0.2],
  ] as const;

  it("with λ₁ |w| by soft threshold is sign(w0) max(|w0| − λ₁/a, 0), for any momentum and start", () => {
    for (const momentum of [0, 0.5, 0.9]) {
      for (const [a, w0] of quadratics) {
        for (const l1 of [0.1, 0.3, 2]) {
          for (const start of [0, 0.6, -0.6]) {
            const expected = Math.sign(w0) * Math.max(Math.abs(w0) - l1 / a, 0);
            const found = minimize(name, start, a, w0, options(momentum, { l1 }));
            const what = `μ = ${momentum}, a = ${a}, w0 = ${w0}, λ₁ = ${l1} from ${start}`;
            expect(Math.abs(found - expected), what).toBeLessThan(2e-5);
            if (expected === 0) expect(found, what).toBe(0);
          }
        }
      }
    }
  });

  it("with ½ λ₂ w² is a w0/(a + λ₂)", () => {
    for (const momentum of [0, 0.5, 0.9]) {
      for (const [a, w0] of quadratics) {
        const found = minimize(name, 0, a, w0, options(momentum, { l2: 0.5 }));
        expect(Math.abs(found - (a * w0) / (a + 0.5))).toBeLessThan(name === "sgd" ? 1e-6 : 1e-3);
      }
    }
  });

  it("with both is soft(a w0, λ₁)/(a + λ₂)", () => {
    for (const [a, w0] of quadratics) {
      const found = minimize(name, 0.3, a, w0, options(0.5, { l1: 0.1, l2: 0.5 }));
      const expected = (Math.sign(w0) * Math.max(Math.abs(a * w0) - 0.1, 0)) / (a + 0.5);
      expect(Math.abs(found - expected)).toBeLessThan(2e-5);
    }
  });
});

describe("the subgradient form of L1", () => {
  it("acts inside the gradient: W += rate · (g − λ₁ sign W), nothing at W = 0", () => {
    for (const [start, sign] of [
      [0.5, 1],
      [-0.5, -1],
      [0, 0],
    ] as const) {
      const weight = oneWeight("sgd", start, options(0, { l1: 0.25, l1Form: "subgradient" }));
      weight.step(0.75, 0.5);
      expect(weight.weight).toBe(start + 0.5 * (0.75 - 0.25 * sign));
    }
  });

  it("is carried by the momentum and has the same minimum, up to steps across zero", () => {
    const l1 = { l1: 0.3, l1Form: "subgradient" } as const;
    const weight = oneWeight("sgd", 0.5, options(0.5, { l1: 0.25, l1Form: "subgradient" }));
    weight.step(0, 0.5);
    weight.step(0.25, 0.5);
    expect(weight.weight).toBe(0.5 - 0.125 - 0.0625);
    for (const momentum of [0, 0.9]) {
      expect(minimize("sgd", 0.2, 2, 0.8, options(momentum, l1))).toBeCloseTo(0.8 - 0.15, 5);
      const jitter = (0.02 * 2 * 0.3) / (1 - momentum);
      expect(Math.abs(minimize("sgd", 0.6, 1, 0.2, options(momentum, l1)))).toBeLessThan(jitter);
    }
  });
});

describe.each(names)("the biases under %s", (name) => {
  const strong = [
    { l1: 5, l2: 3 },
    { l1: 5, l1Form: "subgradient", l2: 3 },
  ] as const;

  it("are not penalised", () => {
    for (const penalty of strong) {
      const [free, penalised] = [{}, penalty].map((given) => {
        const layer = toSingle(randomRbm("spin", 3, 2, "biases"));
        const optimizer = optimizers[name](layer, options(0.5, given), allocate);
        const direction = constantDirection(zeroDirection(layer, allocate), 0.3);
        for (let step = 0; step < 5; step++) optimizer.step(direction, 0.01);
        return layer;
      });
      expect(penalised.visibleBias).toEqual(free.visibleBias);
      expect(penalised.hiddenBias).toEqual(free.hiddenBias);
      expect(penalised.weights).not.toEqual(free.weights);
    }
  });

  it("stay where they are with bias: false, while the weights move", () => {
    const layer = toSingle(randomRbm("spin", 3, 2, "frozen", 0));
    const optimizer = optimizers[name](layer, options(0.5, {}, false), allocate);
    const direction = constantDirection(zeroDirection(layer, allocate), 0.3);
    for (let step = 0; step < 5; step++) optimizer.step(direction, 0.01);
    expect([...layer.visibleBias, ...layer.hiddenBias].every((b) => b === 0)).toBe(true);
    expect(layer.weights.every((w) => w > 0.01)).toBe(true);
  });
});
