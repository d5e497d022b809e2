import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import type { Arena, Kernels, LayerParameters, UnitType } from "../../src/kernels/index.js";
import { exp } from "../../src/kernels/elementary.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { unitTypes, unitValues } from "../rbm/oracle.js";

interface Case {
  readonly units: UnitType;
  readonly visible: number;
  readonly hidden: number;
  /** Largest weight; of the weak hidden units, a hundredth of it. */
  readonly scale: number;
  /** Which hidden units are weak: bit j mod 8. */
  readonly weak: number;
  readonly visibleBias: boolean;
  readonly hiddenBias: boolean;
  readonly single: boolean;
  readonly inArena: boolean;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  units: fc.constantFrom<UnitType>(...unitTypes),
  visible: fc.integer({ min: 1, max: 11 }),
  hidden: fc.integer({ min: 1, max: 10 }),
  scale: fc.constantFrom(0, 0.01, 0.5, 3, 20, 40, 100),
  weak: fc.constantFrom(0, 0, 0xb2, 0x4d),
  visibleBias: fc.boolean(),
  hiddenBias: fc.boolean(),
  single: fc.boolean(),
  inArena: fc.boolean(),
  seed: fc.nat(),
});

/** Spin units without biases, of which only half of the states are enumerated. */
const mirroredCases = cases.map((example): Case => ({
  ...example,
  units: "spin",
  visibleBias: false,
  hiddenBias: false,
}));

const settings = { seed: 1, numRuns: 150 };

/** A layer large enough for many blocks of states, which the property would take too long with. */
const large: readonly Case[] = unitTypes.flatMap((units) =>
  [false, true].map((biased) => ({
    units,
    visible: 14,
    hidden: 9,
    scale: 0.7,
    weak: 0x10,
    visibleBias: biased,
    hiddenBias: biased,
    single: true,
    inArena: true,
    seed: 3,
  })),
);

/** Parameters drawn evenly from both signs. */
export function layerOf(example: Case): LayerParameters {
  const { units, visible, hidden, scale, weak } = example;
  const stream = new RandomStream(seedKey(example.seed));
  const draw = (length: number, sizeOf: (k: number) => number): Float32Array | Float64Array => {
    const values = Float64Array.from({ length }, (_, k) => sizeOf(k) * (2 * stream.nextUniform() - 1));
    return example.single ? Float32Array.from(values) : values;
  };
  const ofUnit = (j: number): number => (((weak >>> (j % 8)) & 1) === 1 ? scale / 100 : scale);
  return {
    units,
    visible,
    hidden,
    weights: draw(visible * hidden, (k) => ofUnit(k % hidden)),
    visibleBias: draw(visible, () => (example.visibleBias ? scale : 0)),
    hiddenBias: draw(hidden, (j) => (example.hiddenBias ? ofUnit(j) : 0)),
  };
}

/** The trace over a unit with input x, and its mean, by Math alone and such that nothing overflows. */
const formulas = {
  spin: {
    trace: (x: number) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))),
    mean: (x: number) => Math.tanh(x),
  },
  binary: {
    trace: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    mean: (x: number) => 1 / (1 + Math.exp(-x)),
  },
};

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Every state with x = b + vᵀW, state by state. */
function* everyState(layer: LayerParameters): Generator<{ state: number; v: number[]; x: number[] }> {
  const { units, visible, hidden, weights, hiddenBias } = layer;
  for (let state = 0; state < 2 ** visible; state++) {
    const v = unitValues(units, state, visible);
    const x = Array.from(hiddenBias, (bias, j) => {
      let sum = bias;
      for (let i = 0; i < visible; i++) sum += v[i] * weights[i * hidden + j];
      return sum;
    });
    yield { state, v, x };
  }
}

function directHamiltonians(layer: LayerParameters): Float64Array {
  const out = new Float64Array(2 ** layer.visible);
  for (const { state, v, x } of everyState(layer)) {
    out[state] = -dot(layer.visibleBias, v) - x.reduce((sum, xj) => sum + formulas[layer.units].trace(xj), 0);
  }
  return out;
}

function directLogPartition(hamiltonians: Float64Array): number {
  const least = hamiltonians.reduce((a, b) => Math.min(a, b));
  return Math.log(hamiltonians.reduce((sum, h) => sum + Math.exp(least - h), 0)) - least;
}

/** Σ q v tᵀ, Σ q v and Σ q t in one list. */
function directStatistics(layer: LayerParameters, q: Float64Array): number[] {
  const { units, visible, hidden } = layer;
  const weights = new Array<number>(visible * hidden).fill(0);
  const visibleBias = new Array<number>(visible).fill(0);
  const hiddenBias = new Array<number>(hidden).fill(0);
  for (const { state, v, x } of everyState(layer)) {
    const t = x.map(formulas[units].mean);
    for (let i = 0; i < visible; i++) {
      visibleBias[i] += q[state] * v[i];
      for (let j = 0; j < hidden; j++) weights[i * hidden + j] += q[state] * v[i] * t[j];
    }
    for (let j = 0; j < hidden; j++) hiddenBias[j] += q[state] * t[j];
  }
  return [...weights, ...visibleBias, ...hiddenBias];
}

/** What the terms of H and ln Z can add up to: rounding errors are in proportion to it. */
function magnitude({ visibleBias, hiddenBias, weights, visible, hidden }: LayerParameters): number {
  let sum = (visible + hidden) * Math.LN2;
  for (const array of [visibleBias, hiddenBias, weights]) for (const value of array) sum += Math.abs(value);
  return sum;
}

/** Tables of signed numbers, of a distribution and of one state alone, in an arena or in ordinary memory. */
function weightTables({ visible, seed, inArena }: Case, arena: Arena): Float64Array[] {
  const stream = new RandomStream(seedKey(`q ${seed}`));
  const table = (): Float64Array => (inArena ? arena.float64(2 ** visible) : new Float64Array(2 ** visible));
  const [signed, distribution, alone] = [table(), table(), table()];
  for (let state = 0; state < signed.length; state++) {
    signed[state] = 2 * stream.nextUniform() - 1;
    distribution[state] = stream.nextUniform() ** 8 / signed.length;
  }
  alone[stream.nextInteger(alone.length)] = 1;
  return [signed, distribution, alone].slice(0, 1 + (seed % 3));
}

/** max |a − b|; NaN counts as infinite. */
function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  for (let k = 0; k < expected.length; k++) {
    const error = Math.abs(found[k] - expected[k]);
    if (!(error <= largest)) largest = Number.isNaN(error) ? Infinity : error;
  }
  return largest;
}

/** Largest errors allowed, relative to `magnitude` for H and ln Z, and to Σ|q| for the statistics. */
export interface EnumerationTolerance {
  readonly hamiltonian: number;
  readonly statistics: number;
}

/** That the sums over all states are those of direct summation, whatever the layer and wherever its tables lie. */
export function describeEnumerationKernels(kernels: Kernels, tolerance: EnumerationTolerance): void {
  const { enumeration } = kernels;

  const checkHamiltonians = (example: Case): void => {
    const layer = layerOf(example);
    const arena = kernels.arena();
    const states = 2 ** layer.visible;
    const table = (example.inArena ? arena.float64(states) : new Float64Array(states)).fill(NaN);
    enumeration.hamiltonians(layer, table);
    const expected = directHamiltonians(layer);
    const bound = tolerance.hamiltonian * magnitude(layer);
    expect(largestError(table, expected)).toBeLessThanOrEqual(bound);
    const logPartition = directLogPartition(expected);
    expect(Math.abs(enumeration.logPartition(layer) - logPartition)).toBeLessThanOrEqual(bound);
    expect(Math.abs(enumeration.distribution(table, table) - logPartition)).toBeLessThanOrEqual(bound);
    arena.release();
  };

  const checkStatistics = (example: Case): void => {
    const layer = layerOf(example);
    const arena = kernels.arena();
    const qs = weightTables(example, arena);
    const results = enumeration.statistics(layer, qs);
    expect(results.length).toBe(qs.length);
    results.forEach(({ weights, visibleBias, hiddenBias }, index) => {
      const total = qs[index].reduce((sum, x) => sum + Math.abs(x), 0);
      const found = [...weights, ...visibleBias, ...hiddenBias];
      const error = largestError(found, directStatistics(layer, qs[index]));
      expect(error).toBeLessThanOrEqual(tolerance.statistics * total);
    });
    arena.release();
  };

  describe(`${kernels.name} enumeration kernels, ${kernels.threads} threads`, () => {
    it("H and ln Z are those of direct summation, for any layer", () => {
      fc.assert(fc.property(cases, checkHamiltonians), settings);
    });

    it("H and ln Z are those of direct summation where half of the states are enumerated", () => {
      fc.assert(fc.property(mirroredCases, checkHamiltonians), settings);
    });

    it("the statistics of several weights are those of direct summation, for any layer", () => {
      fc.assert(fc.property(cases, checkStatistics), settings);
    });

    it("the statistics of several weights are those of direct summation where half of the states are enumerated", () => {
      fc.assert(fc.property(mirroredCases, checkStatistics), settings);
    });

    it.each(large)("all of it for 14 × 9 $units units, biases: $visibleBias", (example) => {
      checkHamiltonians(example);
      checkStatistics(example);
    });

    it("H of thousands of traced units, weak and strong: no product overflows", () => {
      for (const units of unitTypes) {
        for (const [hidden, scale] of [
          [2501, 0.05],
          [700, 40],
          [700, 100],
          [701, 3000],
        ]) {
          const strong = { visible: 3, weak: 0, visibleBias: true, hiddenBias: true, single: false };
          checkHamiltonians({ ...strong, units, hidden, scale, inArena: false, seed: 8 });
        }
      }
    });

    it("P(v) = e^{−H(v) − ln Z} to the last bit, and its sum is 1", () => {
      fc.assert(
        fc.property(cases, (example) => {
          const layer = layerOf(example);
          const arena = kernels.arena();
          const hamiltonians = example.inArena
            ? arena.float64(2 ** layer.visible)
            : new Float64Array(2 ** layer.visible);
          enumeration.hamiltonians(layer, hamiltonians);
          const probabilities = new Float64Array(hamiltonians.length).fill(NaN);
          const logPartition = enumeration.distribution(hamiltonians, probabilities);
          let sum = 0;
          for (let state = 0; state < hamiltonians.length; state++) {
            sum += probabilities[state];
            if (!Object.is(probabilities[state], exp(-hamiltonians[state] - logPartition))) {
              expect.fail(`state ${state} of ${layer.visible} × ${layer.hidden} ${layer.units} units`);
            }
          }
          // rounding −H − ln Z moves every P by 2^−53 (|H| + |ln Z|) of itself
          expect(Math.abs(sum - 1)).toBeLessThan(1e-13 + 1e-15 * Math.abs(logPartition));
          arena.release();
        }),
        { seed: 2, numRuns: 100 },
      );
    });

    it("an energy of ±10^5 neither overflows nor loses the other states", () => {
      for (const offset of [1e5, -1e5]) {
        const hamiltonians = Float64Array.from([0, Math.LN2, Infinity, 1000], (h) => offset + h);
        const probabilities = new Float64Array(4);
        expect(enumeration.distribution(hamiltonians, probabilities)).toBeCloseTo(Math.log(1.5) - offset, 10);
        for (const [state, p] of [2 / 3, 1 / 3, 0, 0].entries())
          expect(probabilities[state]).toBeCloseTo(p, 9);
      }
    });

    it("what is not a number stays so", () => {
      const layer = layerOf({ ...large[1], visible: 4, hidden: 3 });
      layer.weights[5] = NaN;
      const table = new Float64Array(16);
      enumeration.hamiltonians(layer, table);
      expect(table.every(Number.isNaN)).toBe(true);
      expect(enumeration.logPartition(layer)).toBeNaN();
      const [{ hiddenBias }] = enumeration.statistics(layer, [new Float64Array(16).fill(1 / 16)]);
      expect(Array.from(hiddenBias, Number.isNaN)).toEqual([false, false, true]);
    });

    it("refuse more than 24 units and tables of another length", () => {
      const layer = layerOf({ ...large[0], visible: 25, hidden: 2 });
      for (const call of [
        () => enumeration.logPartition(layer),
        () => enumeration.statistics(layer, [new Float64Array(4)]),
        () => {
          enumeration.hamiltonians(layer, new Float64Array(4));
        },
      ]) {
        expect(call).toThrow(DomainError);
        expect(call).toThrow(/2\^25 states: at most 24/);
      }
      const small = layerOf({ ...large[0], visible: 3, hidden: 2 });
      expect(() => enumeration.statistics(small, [new Float64Array(9)])).toThrow(/9 numbers.*2\^3 = 8/);
      expect(() => {
        enumeration.hamiltonians(small, new Float64Array(4));
      }).toThrow(DomainError);
    });
  });
}
