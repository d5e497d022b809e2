import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitMatrix, type Kernels, type LayerArrays, referenceKernels } from "../../src/kernels/index.js";
import { Direction } from "../../src/rbm/direction.js";
import {
  type L1Form,
  type OptimizerName,
  type OptimizerOptions,
  optimizers,
} from "../../src/rbm/optimizers/index.js";
import { softThreshold } from "../../src/rbm/optimizers/optimizer.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { flat, largestDifference, randomRbm, termSums, toSingle, unitTypes } from "./oracle.js";
import { implementations, randomTerm } from "./training.js";

const names = Object.keys(optimizers) as OptimizerName[];

/** Whose kernels move the weights, and whether they get the W part of the direction dense or as correlation terms. */
interface Way {
  readonly way: string;
  readonly kernels: Kernels;
  readonly dense: boolean;
}

const ways: readonly Way[] = [
  { way: "along a dense direction", kernels: referenceKernels, dense: true },
  ...implementations.map((kernels) => ({
    way: `along correlation terms by the ${kernels.name} kernels`,
    kernels,
    dense: false,
  })),
];
const namedWays = names.flatMap((name) => ways.map((way) => ({ name, ...way })));

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

/** An optimiser for one layer, a direction for it, and the memory both are in. */
function startOptimizer(name: OptimizerName, given: OptimizerOptions, { kernels }: Way, source: LayerArrays) {
  const arena = kernels.arena();
  const layer = toSingle(source, arena);
  const direction = new Direction(layer, kernels, arena, true);
  return { arena, layer, direction, optimizer: optimizers[name](layer, given, kernels, arena) };
}

/** A layer of one visible unit, an optimiser for its weights, and a function that makes one step along their slopes. */
function manyWeights(name: OptimizerName, starts: readonly number[], given: OptimizerOptions, way: Way) {
  const source = zeroRbm("spin", 1, starts.length);
  source.weights.set(starts);
  const { arena, layer, direction, optimizer } = startOptimizer(name, given, way, source);
  const visible = bitMatrix(1, 1, (length) => arena.words(length));
  visible.words[0] = 1;
  const hiddenMeans = arena.float32(starts.length);
  return {
    layer,
    step: (slopes: readonly number[], rate: number): void => {
      direction.clear();
      if (way.dense) {
        direction.weights.set(slopes);
      } else {
        hiddenMeans.set(slopes);
        direction.addTerm({ visible, hiddenMeans, scale: 1 });
      }
      optimizer.step(direction, rate);
    },
  };
}

function oneWeight(name: OptimizerName, start: number, given: OptimizerOptions, way: Way) {
  const { layer, step } = manyWeights(name, [start], given, way);
  return {
    /** −0 counts as 0. */
    get weight(): number {
      return layer.weights[0] + 0;
    },
    step(slope: number, rate: number): void {
      step([slope], rate);
    },
  };
}

/** One weight w of the loss ½ a (w − w0)². */
interface Quadratic {
  readonly a: number;
  readonly w0: number;
  readonly start: number;
}

/** Descend all the losses: sgd with a constant rate, adam (whose steps do not shrink with the slope) with a falling one. */
function minimize(
  name: OptimizerName,
  losses: readonly Quadratic[],
  given: OptimizerOptions,
  way: Way,
): number[] {
  const starts = losses.map(({ start }) => start);
  const { layer, step } = manyWeights(name, starts, given, way);
  for (let count = 0; count < 6000; count++) {
    const rate = name === "sgd" ? 0.02 : 0.02 * Math.min(1, 40 * 0.998 ** count);
    step(
      losses.map(({ a, w0 }, k) => -a * (layer.weights[k] - w0)),
      rate,
    );
  }
  return Array.from(layer.weights, (w) => w + 0);
}

/** The same slope for all parameters. */
function setConstant(direction: Direction, slope: number, { kernels, dense }: Way, layer: LayerArrays): void {
  direction.clear();
  if (dense) {
    for (const array of [direction.weights, direction.visibleBias, direction.hiddenBias]) array.fill(slope);
    return;
  }
  const arena = kernels.arena();
  const visible = bitMatrix(1, layer.visible, (length) => arena.words(length));
  visible.words.fill(2 ** layer.visible - 1);
  direction.addTerm({ visible, hiddenMeans: arena.float32(layer.hidden).fill(1), scale: slope });
}

const sign = (w: number): number => (w > 0 ? 1 : w < 0 ? -1 : 0);

describe.each(ways)("sgd with momentum $way", (way) => {
  it("on a constant slope g has w_t = w_0 + rate·g Σ_s (1 − μ^s)/(1 − μ), biases alike", () => {
    for (const momentum of [0, 0.5, 0.9]) {
      const source = toSingle(randomRbm("spin", 3, 2, "closed form"));
      const { layer, direction, optimizer } = startOptimizer("sgd", options(momentum), way, source);
      setConstant(direction, -0.7, way, layer);
      let distance = 0;
      for (let t = 1; t <= 30; t++) {
        optimizer.step(direction, 0.01);
        distance += (1 - momentum ** t) / (1 - momentum);
        const expected = flat(source).map((w) => w - 0.007 * distance);
        expect(largestDifference(flat(layer), expected)).toBeLessThan(3e-6);
      }
    }
  });

  it("takes the rate of each step: a slope that ends leaves a geometric tail", () => {
    const weight = oneWeight("sgd", 0, options(0.5), way);
    weight.step(1, 0.5);
    weight.step(0, 123);
    weight.step(2, 0.25);
    expect(weight.weight).toBe(0.5 + 0.25 + (0.125 + 0.5));
  });

  it.each([
    ["no penalty", {}],
    ["L2", { l2: 0.4 }],
    ["L1 by soft threshold", { l1: 0.3 }],
    ["L1 by subgradient", { l1: 0.3, l1Form: "subgradient" }],
    ["L2 and L1 by soft threshold", { l1: 0.1, l2: 0.4 }],
    ["L2 and L1 by subgradient", { l1: 0.1, l1Form: "subgradient", l2: 0.4 }],
  ] as const)(
    "with %s is u ← μu + rate (g − λ₂w − λ₁sign w), w ← shrink(w + u, rate λ₁/(1 − μ)), biases free",
    (_, penalty) => {
      const { l1, l1Form, l2 } = { l1: 0, l1Form: "soft-threshold", l2: 0, ...penalty };
      for (const units of unitTypes) {
        for (const momentum of [0, 0.8]) {
          const source = toSingle(randomRbm(units, 37, 21, "formula"));
          source.weights.fill(0, 100, 160);
          const given = options(momentum, penalty);
          const { layer, direction, optimizer } = startOptimizer("sgd", given, way, source);
          const expected = flat(source);
          const velocity = expected.map(() => 0);
          for (let step = 0; step < 6; step++) {
            const rate = 0.1 / (1 + step);
            const terms = [
              randomTerm(way.kernels, 13, 37, 21, 1 / 13, `data ${step}`),
              randomTerm(way.kernels, 50, 37, 21, -1 / 50, `model ${step}`),
            ];
            direction.clear();
            terms.forEach((term) => {
              direction.addTerm(term);
            });
            if (way.dense) expect(direction.weights).toHaveLength(37 * 21);
            expect(direction.factors === null).toBe(way.dense);
            optimizer.step(direction, rate);
            termSums(units, terms).forEach((g, k) => {
              const w = expected[k];
              const isWeight = k < 37 * 21;
              const pull = l2 * w + (l1Form === "subgradient" ? l1 * sign(w) : 0);
              velocity[k] = momentum * velocity[k] + rate * (g - (isWeight ? pull : 0));
              const moved = w + velocity[k];
              const threshold = isWeight && l1Form === "soft-threshold" ? (rate * l1) / (1 - momentum) : 0;
              expected[k] = sign(moved) * Math.max(Math.abs(moved) - threshold, 0);
            });
            const found = flat(layer);
            const scale = Math.max(...expected.map(Math.abs));
            expect(largestDifference(found, expected), `step ${step}`).toBeLessThan(1e-6 * scale);
          }
          const zeros = expected.filter((w) => w === 0).length;
          if (l1 > 0 && l1Form === "soft-threshold") expect(zeros).toBeGreaterThan(5);
          else expect(zeros).toBe(0);
        }
      }
    },
  );
});

describe.each(ways)("adam $way", (way) => {
  it("makes a first step of rate · sign(g), whatever the size of g", () => {
    for (const slope of [1e-3, -0.2, 5, -1e4]) {
      const weight = oneWeight("adam", 0.25, options(0.9), way);
      weight.step(slope, 0.01);
      expect(weight.weight).toBeCloseTo(0.25 + 0.01 * Math.sign(slope), 6);
    }
  });

  it("follows the recursion of Kingma & Ba in every array", () => {
    const [beta1, beta2, epsilon, rate] = [0.8, 0.99, 1e-8, 0.02];
    const source = toSingle(randomRbm("spin", 2, 2, "adam"));
    const expected = flat(source);
    const { layer, direction, optimizer } = startOptimizer("adam", options(beta1), way, source);
    const [mean, square] = [new Float64Array(8), new Float64Array(8)];
    for (let t = 1; t <= 40; t++) {
      direction.clear();
      let slopes = expected.map((_, k) => Math.sin(t * (k + 1)) + 0.1 * k);
      if (way.dense) {
        direction.weights.set(slopes.slice(0, 4));
        direction.visibleBias.set(slopes.slice(4, 6));
        direction.hiddenBias.set(slopes.slice(6));
      } else {
        const terms = [1, 2].map((k) => randomTerm(way.kernels, 3, 2, 2, 0.3 * k, `adam ${k} ${t}`));
        slopes = termSums("spin", terms);
        terms.forEach((term) => {
          direction.addTerm(term);
        });
      }
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
    const weight = oneWeight("adam", 0, options(0), way);
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

  it.each(namedWays)("$name $way keeps a zero weight exactly zero while |slope| ≤ λ₁", ({ name, ...way }) => {
    for (const momentum of [0, 0.5, 0.9]) {
      const weight = oneWeight(name, 0, options(momentum, { l1: 0.3 }), way);
      for (let step = 0; step < 200; step++) {
        // adam divides by the slope's own size, so there only a steady slope is bounded by λ₁ all along
        weight.step(name === "adam" ? 0.29 : 0.299 * Math.sin(step * step), 0.1);
        expect(weight.weight).toBe(0);
      }
    }
  });

  it.each(namedWays)(
    "$name $way brings weights to exact zeros and lets go of them when the slope exceeds λ₁",
    ({ name, ...way }) => {
      const weight = oneWeight(name, 0.05, options(0.5, { l1: 0.3 }), way);
      for (let step = 0; step < 200; step++) weight.step(0.1, 0.01);
      expect(weight.weight).toBe(0);
      for (let step = 0; step < 200; step++) weight.step(-0.4, 0.01);
      expect(weight.weight).toBeLessThan(-0.1);
    },
  );
});

describe.each(namedWays)("the minimum $name finds $way for ½ a (w − w0)²", ({ name, ...way }) => {
  /** Each from several starts: 18 weights. */
  const losses = [
    { a: 1, w0: 0.8 },
    { a: 2.5, w0: -0.4 },
    { a: 0.7, w0: 0.2 },
  ].flatMap((loss) => [0, 0.6, -0.6, 0.3, -0.25, 1].map((start): Quadratic => ({ ...loss, start })));

  function expectMinima(
    given: OptimizerOptions,
    minimum: (loss: Quadratic) => number,
    tolerance: number,
  ): void {
    minimize(name, losses, given, way).forEach((found, k) => {
      const expected = minimum(losses[k]);
      const { a, w0, start } = losses[k];
      const what = `${JSON.stringify(given)}, a = ${a}, w0 = ${w0} from ${start}`;
      expect(Math.abs(found - expected), what).toBeLessThan(tolerance);
      if (expected === 0) expect(found, what).toBe(0);
    });
  }

  it("with λ₁ |w| by soft threshold is sign(w0) max(|w0| − λ₁/a, 0), for any momentum and start", () => {
    for (const momentum of [0, 0.5, 0.9]) {
      for (const l1 of [0.1, 0.3, 2]) {
        const minimum = ({ a, w0 }: Quadratic): number =>
          Math.max(Math.abs(w0) - l1 / a, 0) === 0 ? 0 : sign(w0) * (Math.abs(w0) - l1 / a);
        expectMinima(options(momentum, { l1 }), minimum, 2e-5);
      }
    }
  });

  it("with ½ λ₂ w² is a w0/(a + λ₂)", () => {
    for (const momentum of [0, 0.5, 0.9]) {
      const minimum = ({ a, w0 }: Quadratic): number => (a * w0) / (a + 0.5);
      expectMinima(options(momentum, { l2: 0.5 }), minimum, name === "sgd" ? 1e-6 : 1e-3);
    }
  });

  it("with both is soft(a w0, λ₁)/(a + λ₂)", () => {
    const minimum = ({ a, w0 }: Quadratic): number =>
      (sign(w0) * Math.max(Math.abs(a * w0) - 0.1, 0)) / (a + 0.5);
    expectMinima(options(0.5, { l1: 0.1, l2: 0.5 }), minimum, 2e-5);
  });
});

describe.each(ways)("the subgradient form of L1 $way", (way) => {
  it("acts inside the gradient: W += rate · (g − λ₁ sign W), nothing at W = 0", () => {
    for (const start of [0.5, -0.5, 0]) {
      const weight = oneWeight("sgd", start, options(0, { l1: 0.25, l1Form: "subgradient" }), way);
      weight.step(0.75, 0.5);
      expect(weight.weight).toBe(start + 0.5 * (0.75 - 0.25 * sign(start)));
    }
  });

  it("is carried by the momentum and has the same minimum, up to steps across zero", () => {
    const l1 = { l1: 0.3, l1Form: "subgradient" } as const;
    const weight = oneWeight("sgd", 0.5, options(0.5, { l1: 0.25, l1Form: "subgradient" }), way);
    weight.step(0, 0.5);
    weight.step(0.25, 0.5);
    expect(weight.weight).toBe(0.5 - 0.125 - 0.0625);
    for (const momentum of [0, 0.9]) {
      const losses = [
        { a: 2, w0: 0.8, start: 0.2 },
        { a: 1, w0: 0.2, start: 0.6 },
      ];
      const [found, atZero] = minimize("sgd", losses, options(momentum, l1), way);
      expect(found).toBeCloseTo(0.8 - 0.15, 5);
      const jitter = (0.02 * 2 * 0.3) / (1 - momentum);
      expect(Math.abs(atZero)).toBeLessThan(jitter);
    }
  });
});

describe.each(namedWays)("the biases under $name $way", ({ name, ...way }) => {
  const strong = [
    { l1: 5, l2: 3 },
    { l1: 5, l1Form: "subgradient", l2: 3 },
  ] as const;

  it("are not penalised", () => {
    for (const penalty of strong) {
      const [free, penalised] = [{}, penalty].map((given) => {
        const source = toSingle(randomRbm("spin", 3, 2, "biases"));
        const { layer, direction, optimizer } = startOptimizer(name, options(0.5, given), way, source);
        setConstant(direction, 0.3, way, layer);
        for (let step = 0; step < 5; step++) optimizer.step(direction, 0.01);
        return layer;
      });
      expect(penalised.visibleBias).toEqual(free.visibleBias);
      expect(penalised.hiddenBias).toEqual(free.hiddenBias);
      expect(penalised.weights).not.toEqual(free.weights);
    }
  });

  it("stay where they are with bias: false, while the weights move", () => {
    const { layer, direction, optimizer } = startOptimizer(
      name,
      options(0.5, {}, false),
      way,
      zeroRbm("spin", 3, 2),
    );
    setConstant(direction, 0.3, way, layer);
    for (let step = 0; step < 5; step++) optimizer.step(direction, 0.01);
    expect([...layer.visibleBias, ...layer.hiddenBias].every((b) => b === 0)).toBe(true);
    expect(layer.weights.every((w) => w > 0.01)).toBe(true);
  });
});
