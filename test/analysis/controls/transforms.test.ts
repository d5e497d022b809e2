import { describe, expect, it } from "vitest";
import {
  type ControlName,
  controls,
  infiniteTemperature,
  meanField,
  permuteSites,
  pixelShuffled,
  randomLocalComposition,
  sitePermuted,
  untrained,
  zeroOrInfiniteTemperature,
} from "../../../src/analysis/controls/index.js";
import { latticeGeometry, pointDistance } from "../../../src/analysis/lattice-geometry.js";
import { measureReceptiveFields } from "../../../src/analysis/receptive-field.js";
import { receptiveFields } from "../../../src/analysis/weight-product.js";
import { DataError } from "../../../src/errors/index.js";
import { bitMatrix, countUp, getBit, type LayerArrays, setBit } from "../../../src/kernels/index.js";
import { seedKey } from "../../../src/random/index.js";
import { zeroRbm } from "../../../src/rbm/parameters.js";
import { mean, variance } from "../../../src/statistics/index.js";
import { randomLayer, randomRows } from "../random-stack.js";

const key = seedKey("controls");
const other = seedKey("other");

describe("infinite-temperature", () => {
  it("is fair and independent, in the shape of the data and empty beyond the last column", () => {
    const [rows, columns] = [4000, 45];
    const out = infiniteTemperature(randomRows(rows, columns), key);
    expect([out.rows, out.columns, out.wordsPerRow]).toEqual([rows, columns, 2]);
    const ups = Array.from({ length: rows }, (_, row) => countUp(out, row));
    expect(Math.max(...ups)).toBeLessThanOrEqual(columns);
    for (let row = 0; row < rows; row++) expect(out.words[2 * row + 1] >>> 13).toBe(0);
    expect(Math.abs(mean(ups) - columns / 2)).toBeLessThan((4 * Math.sqrt(columns / 4)) / Math.sqrt(rows));
    expect(Math.abs(variance(ups) / (columns / 4) - 1)).toBeLessThan(4 * Math.sqrt(2 / rows));
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += (2 * getBit(out, row, 44) - 1) * (2 * getBit(out, row, 3) - 1);
    expect(Math.abs(sum)).toBeLessThan(4 * Math.sqrt(rows));
  });
});

describe("zero-or-infinite-temperature", () => {
  it("is ordered, up or down by a fair coin, in even rows, and fair and independent in odd ones", () => {
    const out = zeroOrInfiniteTemperature(bitMatrix(4000, 45), seedKey("two temperatures"));
    const ups = Array.from({ length: 4000 }, (_, row) => countUp(out, row));
    const ordered = ups.filter((_, row) => row % 2 === 0);
    expect(new Set(ordered)).toEqual(new Set([0, 45]));
    const allUp = ordered.filter((count) => count === 45).length;
    expect(Math.abs(allUp - 1000)).toBeLessThan(4 * Math.sqrt(500));
    const fair = ups.filter((_, row) => row % 2 === 1);
    const [value, spread] = [mean(fair), variance(fair)];
    expect(Math.abs(value - 22.5)).toBeLessThan(4 * Math.sqrt(45 / 4 / 2000));
    expect(Math.abs(spread / (45 / 4) - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
  });
});

describe("mean-field", () => {
  it("keeps each configuration's magnetisation, and correlates all pairs of sites alike", () => {
    // Stripes: neighbours of a row of the lattice are equal, those of the other axis opposite; 25 or 20 of 45 sites up.
    const [rows, sites] = [20000, 45];
    const striped = bitMatrix(rows, sites);
    for (let row = 0; row < rows; row++) {
      const up = row % 2 === 0 ? (i: number) => i % 9 < 5 : (i: number) => i % 9 >= 5;
      for (let i = 0; i < sites; i++) setBit(striped, row, i, up(i) ? 1 : 0);
    }
    const out = meanField(striped, seedKey("mean field"));
    for (let row = 0; row < rows; row++) expect(countUp(out, row)).toBe(countUp(striped, row));
    // M = ±5 in every row: ⟨v_i v_j⟩ = (M² − N)/(N(N − 1)).
    const exact = (25 - sites) / (sites * (sites - 1));
    for (const [i, j] of [
      [0, 1],
      [0, 9],
      [3, 40],
      [31, 32],
    ]) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += getBit(out, row, i) === getBit(out, row, j) ? 1 : -1;
      expect(Math.abs(sum / rows - exact)).toBeLessThan(4 / Math.sqrt(rows));
    }
  });
});

describe("site-permuted", () => {
  it("moves whole columns: v'_i = v_order[i], the same order in every row", () => {
    const rows = randomRows(70, 40);
    const order = Uint32Array.from({ length: 40 }, (_, i) => (i * 7 + 3) % 40);
    const out = permuteSites(rows, order);
    for (let row = 0; row < 70; row++) {
      for (let i = 0; i < 40; i++) expect(getBit(out, row, i)).toBe(getBit(rows, row, order[i]));
    }
    const random = sitePermuted(rows, key);
    expect(random).not.toEqual(rows);
    for (let row = 0; row < 70; row++) expect(countUp(random, row)).toBe(countUp(rows, row));
  });

  it("refuses an order of another length", () => {
    expect(() => permuteSites(randomRows(2, 8), new Uint32Array(7))).toThrow(DataError);
  });
});

describe("pixel-shuffled", () => {
  it("keeps each unit's weights as a set, and gives every unit an order of its own", () => {
    const layer = randomLayer("spin", 30, 4);
    layer.weights.forEach((_, index) => (layer.weights[index] = Math.floor(index / 4) + (index % 4) / 8));
    const out = pixelShuffled(layer, key);
    const column = ({ weights }: LayerArrays, j: number): number[] =>
      Array.from({ length: 30 }, (_, i) => weights[4 * i + j]);
    const orders = [0, 1, 2, 3].map((j) => {
      const shuffled = column(out, j);
      expect([...shuffled].sort((a, b) => a - b)).toEqual(column(layer, j));
      return shuffled.map(Math.floor).join();
    });
    expect(new Set(orders).size).toBe(4);
    expect(out.hiddenBias).toEqual(layer.hiddenBias);
  });
});

describe("untrained", () => {
  it("has layers of the same sizes, weights of the deviation asked for and no biases", () => {
    const layers = [randomLayer("binary", 100, 40), randomLayer("binary", 40, 10)];
    const out = untrained(layers, 0.02, key);
    out.forEach((layer, index) => {
      const { visible, hidden, units } = layers[index];
      expect(layer).toMatchObject({ visible, hidden, units });
      expect(layer.hiddenBias.every((b) => b === 0) && layer.visibleBias.every((c) => c === 0)).toBe(true);
    });
    const { weights } = out[0];
    expect(Math.abs(mean(weights))).toBeLessThan((4 * 0.02) / Math.sqrt(weights.length));
    expect(Math.abs(variance(weights) / 0.02 ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / weights.length));
    expect(out[1].weights[0]).not.toBe(out[0].weights[0]);
  });
});

describe("random-composition", () => {
  /** 36 units that copy one site each of a 12×12 torus, every second one; above them 5 units with 4 strong weights. */
  const shape = [12, 12] as const;
  const first = zeroRbm("spin", 144, 36);
  for (let unit = 0; unit < 36; unit++) {
    const site = 24 * Math.floor(unit / 6) + 2 * (unit % 6);
    first.weights[site * 36 + unit] = unit % 2 === 0 ? 1 : -1;
  }
  const second = zeroRbm("spin", 36, 5);
  for (let j = 0; j < 5; j++)
    [3, 11, 20, 35].forEach((unit, rank) => (second.weights[unit * 5 + j] = rank % 2 ? -1 : 1));

  it("keeps the first layer and each unit's |weights|, and puts the strong ones on neighbours whose fields add up", () => {
    const [kept, composed] = randomLocalComposition([first, second], shape, key);
    expect(kept).toBe(first);
    const geometry = latticeGeometry(shape);
    const centers = measureReceptiveFields(receptiveFields([first])[0], geometry).map(({ center }) => center);
    const places = new Set<string>();
    for (let j = 0; j < 5; j++) {
      const strong = Array.from({ length: 36 }, (_, k) => k).filter((k) => composed.weights[k * 5 + j] !== 0);
      expect(strong).toHaveLength(4);
      for (const k of strong) expect(composed.weights[k * 5 + j]).toBe(k % 2 === 0 ? 1 : -1);
      // The four nearest of a square grid of spacing 2 to any point lie within 2√2 of each other, or in a T.
      const spread = Math.max(
        ...strong.flatMap((a) => strong.map((b) => pointDistance(centers[a], centers[b], shape))),
      );
      expect(spread).toBeLessThanOrEqual(4 + 1e-9);
      places.add(strong.join());
    }
    expect(places.size).toBeGreaterThan(2);
    const fields = measureReceptiveFields(receptiveFields([kept, composed])[1], geometry);
    for (const field of fields) expect(field.signCoherence).toBe(1);
  });
});

describe("all controls", () => {
  const rows = randomRows(50, 36);
  const layers = [randomLayer("spin", 36, 9), randomLayer("spin", 9, 4)];

  it.each(Object.keys(controls) as ControlName[])(
    "%s: same sizes, same key same bytes, other key other bytes",
    (name) => {
      const control = controls[name];
      if (control.kind === "data") {
        const [one, again, different] = [key, key, other].map((each) =>
          control.transform(rows, [6, 6], each),
        );
        expect([one.rows, one.columns]).toEqual([50, 36]);
        expect(again).toEqual(one);
        expect(different).not.toEqual(one);
      } else {
        const [one, again, different] = [key, key, other].map((each) =>
          control.transform(layers, [6, 6], 0.1, each),
        );
        expect(one.map(({ visible, hidden }) => [visible, hidden])).toEqual([
          [36, 9],
          [9, 4],
        ]);
        expect(again).toEqual(one);
        expect(different).not.toEqual(one);
      }
    },
  );
});
