import { describe, expect, it } from "vitest";
import {
  type BlockRule,
  blockRuleNames,
  blockRules,
  decimationRule,
  majorityRule,
  randomFilterRule,
  type SharedFilter,
  sharedFilterRule,
  signFilterRule,
  type TorusShape,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { DataError } from "../../../src/errors/index.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";
import { laneSpins, lanesOf, randomSpins } from "./spins.js";

/** Block spins of 32 random configurations, with the configurations. */
function apply(
  rule: BlockRule,
  shape: TorusShape,
  seed: string,
): { readonly spins: readonly Int8Array[]; readonly blocks: readonly number[][] } {
  const rows = Array.from({ length: 32 }, (_, row) => randomSpins(`${seed} ${row}`, shape[0] * shape[1]));
  const out = new Uint32Array((shape[0] * shape[1]) / rule.scale ** 2);
  rule.apply(lanesOf(rows), shape, new RandomStream(seedKey(seed)), out);
  return { spins: rows, blocks: rows.map((_, lane) => laneSpins(out, lane)) };
}

/** The spins of the window of `side` × `side` that starts at (x, y). */
function windowOf(
  spins: Int8Array,
  [width, height]: TorusShape,
  x: number,
  y: number,
  side: number,
): readonly number[] {
  return Array.from({ length: side * side }, (_, k) => {
    const row = (x + Math.floor(k / side) + width) % width;
    return spins[row * height + ((y + (k % side) + height) % height)];
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("majority", () => {
  it.each([2, 3, 4])("of blocks of side %d is the sign of their sum", (scale) => {
    const shape: TorusShape = [2 * scale, 3 * scale];
    const rule = majorityRule(scale);
    expect(rule.scale).toBe(scale);
    let [ties, up] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const { spins, blocks } = apply(rule, shape, `majority ${scale} ${trial}`);
      blocks.forEach((blockSpins, lane) => {
        blockSpins.forEach((block, index) => {
          const [x, y] = [Math.floor(index / 3) * scale, (index % 3) * scale];
          const total = sum(windowOf(spins[lane], shape, x, y, scale));
          if (total !== 0) {
            expect(block).toBe(Math.sign(total));
          } else {
            ties++;
            if (block > 0) up++;
          }
        });
      });
    }
    if (scale % 2 === 1) expect(ties).toBe(0);
    else expect(Math.abs(up - ties / 2)).toBeLessThan(2 * Math.sqrt(ties)); // 4σ of fair coins
  });

  it("breaks the ties of different blocks and configurations independently", () => {
    const shape: TorusShape = [32, 32];
    const stripes = Int8Array.from({ length: 1024 }, (_, site) => (site % 2 === 0 ? 1 : -1)); // every block a tie
    const out = new Uint32Array(256);
    majorityRule(2).apply(
      lanesOf(new Array(32).fill(stripes)),
      shape,
      new RandomStream(seedKey("ties")),
      out,
    );
    let [same, pairs] = [0, 0];
    for (let lane = 0; lane < 31; lane++) {
      const [a, b] = [laneSpins(out, lane), laneSpins(out, lane + 1)];
      for (let k = 0; k < 255; k++) {
        same += (a[k] === b[k] ? 1 : 0) + (a[k] === a[k + 1] ? 1 : 0);
        pairs += 2;
      }
    }
    expect(Math.abs(same - pairs / 2)).toBeLessThan(2 * Math.sqrt(pairs));
  });
});

describe("decimation", () => {
  it("keeps the corners", () => {
    const shape: TorusShape = [4, 6];
    const { spins, blocks } = apply(decimationRule(2), shape, "corners");
    spins.forEach((row, lane) => {
      expect(blocks[lane]).toEqual([0, 2, 4, 12, 14, 16].map((site) => row[site]));
    });
  });
});

describe("filters", () => {
  const shape: TorusShape = [4, 6];

  /** Where the window of a block starts, and its side. */
  const starts = [
    [1, 0],
    [2, 0],
    [3, 0],
    [4, -1],
  ] as const;

  it.each(starts)("of side %d take the sign of their projection, centred on the block", (side, start) => {
    const stream = new RandomStream(seedKey(`filter ${side}`));
    const weights = Float64Array.from({ length: side * side }, () => stream.nextUniform() - 0.3);
    const { spins, blocks } = apply(signFilterRule({ weights, bias: 0.01 }, "test"), shape, `sign ${side}`);
    spins.forEach((row, lane) => {
      blocks[lane].forEach((block, index) => {
        const [x, y] = [2 * Math.floor(index / 3) + start, 2 * (index % 3) + start];
        const input = 0.01 + sum(windowOf(row, shape, x, y, side).map((spin, k) => spin * weights[k]));
        expect(block).toBe(Math.sign(input));
      });
    });
  });

  it("of an RBM sample P(h = 1|v) = logistic(2(b + w·v))", () => {
    const filter: SharedFilter = { weights: Float64Array.of(0.3, -0.2, 0.5, 0.1), bias: 0.15 };
    const rule = sharedFilterRule(filter);
    const counts = new Map<number, { up: number; total: number }>();
    for (let trial = 0; trial < 200; trial++) {
      const { spins, blocks } = apply(rule, shape, `rbm ${trial}`);
      spins.forEach((row, lane) => {
        blocks[lane].forEach((block, index) => {
          const window = windowOf(row, shape, 2 * Math.floor(index / 3), 2 * (index % 3), 2);
          const state = window.reduce((bits, spin, k) => (spin > 0 ? bits | (1 << k) : bits), 0);
          const count = counts.get(state) ?? { up: 0, total: 0 };
          count.total++;
          if (block > 0) count.up++;
          counts.set(state, count);
        });
      });
    }
    expect(counts.size).toBe(16);
    for (const [state, { up, total }] of counts) {
      const input = sum([...filter.weights].map((w, k) => ((state >> k) & 1 ? w : -w))) + filter.bias;
      const p = 1 / (1 + Math.exp(-2 * input));
      expect(Math.abs(up - p * total)).toBeLessThan(4.5 * Math.sqrt(p * (1 - p) * total));
    }
  });

  it("at random are drawn from their key alone", () => {
    const of = (seed: string): readonly number[][] =>
      apply(randomFilterRule(seedKey(seed)), shape, "random filter").blocks;
    expect(of("a")).toEqual(of("a"));
    expect(of("a")).not.toEqual(of("b"));
  });

  it("must be small squares of numbers", () => {
    for (const length of [0, 2, 6, 25]) {
      expect(() => sharedFilterRule({ weights: new Float64Array(length), bias: 0 })).toThrow(DataError);
    }
    expect(() => sharedFilterRule({ weights: Float64Array.of(NaN), bias: 0 })).toThrow(/weight of NaN/);
    for (const [weight, bias] of [
      [0, 0],
      [0, 1],
      [1e-20, 0],
      [1, 200],
    ]) {
      const weights = new Float64Array(4).fill(weight);
      expect(() => sharedFilterRule({ weights, bias })).toThrow(/block spins do not depend on the spins/);
    }
    expect(sharedFilterRule({ weights: Float64Array.of(0, 1e-3, 0, 0), bias: 0 }).name).toBe("rbm 2×2");
  });
});

describe("the table of rules", () => {
  it("makes a rule under every name", () => {
    const filter: SharedFilter = { weights: new Float64Array(9).fill(0.2), bias: 0 };
    const training = { side: 2, coupling: 0.44 };
    for (const name of blockRuleNames) {
      const rule = blockRules[name].make({ key: seedKey("table"), filter, training });
      expect([2, 3]).toContain(rule.scale);
      const shape: TorusShape = [6, 6];
      const { blocks } = apply(rule, shape, name);
      expect(blocks[0].length).toBe(36 / rule.scale ** 2);
    }
    const nothing = { key: seedKey("table"), filter: null, training };
    expect(() => blockRules.rbm.make(nothing)).toThrow(DataError);
  });
});
