import { describe, expect, it } from "vitest";
import {
  type CouplingOperator,
  evenCouplings,
  momentIndex,
  oddCouplings,
  renormalizationMatrix,
  SectorSums,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { DomainError } from "../../../src/errors/index.js";
import { conditionalTable, derivative, Enumeration, stateSums } from "./enumerated.js";

const named = (names: readonly string[]): readonly CouplingOperator[] =>
  names.map((name) => [...evenCouplings, ...oddCouplings].find((operator) => operator.name === name)!);

/** On 2 × 2 these are all the couplings there are, even and odd, so that nothing is truncated. */
const operators = named(["nearest", "diagonal", "plaquette", "magnetization", "corner"]);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** P(h = 1) of a block. */
const rules = {
  majority: (block: readonly number[]) => (Math.sign(sum(block)) + 1) / 2,
  decimation: (block: readonly number[]) => (block[0] + 1) / 2,
  rbm: (block: readonly number[]) => 1 / (1 + Math.exp(-1.2 * sum(block))),
};

const sums = stateSums([4, 4], operators);
const blockSums = stateSums([2, 2], operators);

/** 4 × 4 spins and their 2 × 2 blocks with the first so many of the couplings. */
function fourByFour(rule: keyof typeof rules): (count: number) => Enumeration {
  const conditional = conditionalTable(16, (spins) =>
    [0, 2, 8, 10].map((corner) => rules[rule]([0, 1, 4, 5].map((offset) => spins[corner + offset]))),
  );
  return (count) => new Enumeration(sums, blockSums, conditional, count);
}

/** Matrices of connected correlations ⟨S'_γ S_β⟩_c of the accumulator. */
function across(accumulator: SectorSums): readonly (readonly number[])[] {
  const { size, steps, values } = accumulator.moments();
  const index = momentIndex(size, steps);
  const range = Array.from({ length: size }, (_, k) => k);
  return range.map((gamma) =>
    range.map(
      (beta) =>
        values[index.across(1, gamma, beta)] - values[index.level(1, gamma)] * values[index.level(0, beta)],
    ),
  );
}

describe.each(Object.keys(rules) as (keyof typeof rules)[])(
  "the step by %s from 4 × 4 to 2 × 2, enumerated",
  (rule) => {
    const system = fourByFour(rule);
    const [even, both] = [system(3), system(5)];

    it("has ∂⟨S'⟩/∂K for its correlations and ∂K'/∂K for its matrix, in the even sector", () => {
      const at = [0.35, 0.07, -0.04];
      expect(even.blockCouplings(at).rest).toBeLessThan(1e-12);
      const expected = derivative((k) => [...even.blockMeans(k), ...even.blockCouplings(k).values], at);
      const accumulator = even.accumulate(at);
      across(accumulator)
        .flat()
        .forEach((value, index) => {
          expect(value / expected.flat()[index]).toBeCloseTo(1, 7);
        });
      const matrix = expected.slice(3);
      const found = renormalizationMatrix(accumulator.moments(), 1, 3);
      matrix.flat().forEach((value, index) => {
        expect(found[index]).toBeCloseTo(value, 8);
      });
      // Far from symmetric: the transposed matrix would not pass.
      expect(Math.abs(matrix[0][2] - matrix[2][0])).toBeGreaterThan(0.01);
    });

    it("has ∂K'/∂K for its matrix, in both sectors at once and in a field", () => {
      const at = [0.3, 0.05, 0.02, 0.1, -0.03];
      expect(both.blockCouplings(at).rest).toBeLessThan(1e-12);
      const expected = derivative((k) => both.blockCouplings(k).values, at);
      const found = renormalizationMatrix(both.accumulate(at).moments(), 1, 5);
      expected.flat().forEach((value, index) => {
        expect(found[index]).toBeCloseTo(value, 7);
      });
    });

    it("does not mix even and odd without a field", () => {
      const matrix = renormalizationMatrix(both.accumulate([0.4, 0, 0, 0, 0]).moments(), 1, 5);
      for (let row = 0; row < 5; row++) {
        for (let column = 0; column < 5; column++) {
          if (row < 3 !== column < 3) expect(matrix[5 * row + column]).toBeCloseTo(0, 12);
        }
      }
    });
  },
);

describe("decimation of the ring", () => {
  it.each([0.2, 0.7, 1.3])("has dK'/dK = tanh 2K at K = %d, from tanh K' = tanh² K", (coupling) => {
    const sites = 12;
    const accumulator = new SectorSums(1, 1);
    for (let state = 0; state < 2 ** sites; state++) {
      const spin = (site: number): number => ((state >> (site % sites)) & 1 ? 1 : -1);
      let [bonds, decimated] = [0, 0];
      for (let site = 0; site < sites; site++) {
        bonds += spin(site) * spin(site + 1);
        if (site % 2 === 0) decimated += spin(site) * spin(site + 2);
      }
      accumulator.add([[bonds], [decimated]], Math.exp(coupling * (bonds - sites)));
    }
    const [found] = renormalizationMatrix(accumulator.moments(), 1, 1);
    const t = Math.tanh(coupling);
    const exact = (2 * t * (1 - t * t)) / (1 - t ** 4); // d artanh(t²)/dt · dt/dK
    expect(exact).toBeCloseTo(Math.tanh(2 * coupling), 14);
    expect(found).toBeCloseTo(exact, 11);
  });
});

describe("sums of a sector", () => {
  const random = (seed: number): number => Math.sin(seed * 12.9898) * 7;

  it("are averages of what was added, with weights, offsets and strides", () => {
    const [size, steps] = [2, 2];
    const accumulator = new SectorSums(size, steps);
    const weights = [1, 0.5, 3];
    const levels = (sample: number): number[][] =>
      [0, 1, 2].map((level) => [random(sample + level), 99, random(sample + 7 * level), 99]);
    weights.forEach((weight, sample) => {
      accumulator.add(levels(sample), weight, 0, 2);
    });
    const { values } = accumulator.moments();
    const index = momentIndex(size, steps);
    const average = (f: (levels: number[][]) => number): number =>
      weights.reduce((total, weight, sample) => total + weight * f(levels(sample)), 0) / 4.5;
    expect(values.length).toBe(index.length);
    for (const a of [0, 1]) {
      for (const level of [0, 1, 2]) {
        expect(values[index.level(level, a)]).toBeCloseTo(
          average((s) => s[level][2 * a]),
          12,
        );
      }
      for (const b of [0, 1]) {
        for (const level of [1, 2]) {
          const within = average((s) => s[level][2 * a] * s[level][2 * b]);
          const across = average((s) => s[level][2 * a] * s[level - 1][2 * b]);
          expect(values[index.within(level, a, b)]).toBeCloseTo(within, 11);
          expect(values[index.across(level, a, b)]).toBeCloseTo(across, 11);
        }
      }
    }
  });

  it("can be merged, and a part left out", () => {
    const parts = [0, 1, 2].map((part) => {
      const sums = new SectorSums(1, 1);
      for (let k = 0; k < 5; k++) sums.add([[random(part * 5 + k)], [random(k - part)]]);
      return sums;
    });
    const all = new SectorSums(1, 1);
    for (const part of parts) all.merge(part);
    const two = new SectorSums(1, 1);
    two.merge(parts[0]);
    two.merge(parts[2]);
    all.moments(parts[1]).values.forEach((value, k) => {
      expect(value).toBeCloseTo(two.moments().values[k], 12);
    });
  });

  it("without variation give no matrix", () => {
    const still = new SectorSums(1, 1);
    for (let k = 0; k < 3; k++) still.add([[4], [1]]);
    expect(() => renormalizationMatrix(still.moments(), 1, 1)).toThrow(DomainError);
  });
});
