import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { torus } from "../../src/ising/lattice.js";
import { packBits, referenceKernels } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { fieldControlsCsv, growth } from "../../src/report/fields/control-table.js";
import {
  hiddenCorrelationsFigure,
  reconstructionFigure,
  tilingFigure,
} from "../../src/report/fields/field-figures.js";
import { reconstructions } from "../../src/report/fields/reconstruction-table.js";
import { measureLayers } from "../../src/report/layer-fields.js";
import { correlationsCsv, layersCsv } from "../../src/report/layers-table.js";
import { receptiveFieldsCsv } from "../../src/report/receptive-fields-table.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { randomLayer, randomRows } from "../analysis/random-stack.js";

const SHAPE = [8, 8] as const;
const kernels = referenceKernels;
const rowsOf = (csv: string) => parseCsv(csv, "test").rows;

/** Four units whose fields are 4 × 4 blocks of the 8 × 8 torus, and one above that sums the first two. */
function blockStack() {
  const first = zeroRbm("spin", 64, 4);
  for (let site = 0; site < 64; site++) {
    const unit = 2 * Math.floor(site / 32) + Math.floor((site % 8) / 4);
    first.weights[site * 4 + unit] = 0.3;
  }
  const second = zeroRbm("spin", 4, 1);
  second.weights.set([2, 2, 0, 0]);
  return [first, second];
}

describe("fields-controls.csv", () => {
  const layers = [randomLayer("spin", 64, 30), randomLayer("spin", 30, 12)];
  const measured = measureLayers(layers, randomRows(200, 64), SHAPE, kernels);
  const stack = { layers, measured, shape: SHAPE, initialDeviation: 0.01, key: seedKey("controls") };
  const rows = rowsOf(fieldControlsCsv(stack));
  const find = (weights: string, layer: number) =>
    rows.find((row) => row["weights"] === weights && row["layer"] === String(layer))!;

  it("has the trained layers as fields.csv has them, and each control of them", () => {
    expect(rows).toHaveLength(8);
    const trained = rowsOf(layersCsv(measured));
    for (const layer of [1, 2]) {
      expect(find("trained", layer)["median_core_radius"]).toBe(trained[layer - 1]["median_core_radius"]);
      expect(find("trained", layer)["beyond_null_fraction"]).toBe(trained[layer - 1]["beyond_null_fraction"]);
    }
    const ratio = (weights: string): number => Number(find(weights, 1)["median_participation_ratio"]);
    expect(Math.abs(ratio("pixel-shuffled") / ratio("trained") - 1)).toBeLessThan(1e-12);
    expect(ratio("random-composition")).toBe(ratio("trained"));
    expect(find("random-composition", 2)["median_core_radius"]).not.toBe(
      find("trained", 2)["median_core_radius"],
    );
    expect(fieldControlsCsv(stack)).toBe(fieldControlsCsv(stack));
  });

  it("gives the growth as the ratio of the medians, with an interval that holds it", () => {
    expect(growth([1, 1, 1], [2, 2, 2], stack.key)).toEqual([2, 2, 2]);
    expect(growth([], [1], stack.key)).toEqual([null, null, null]);
    const [value, lower, upper] = growth([1, 2, 3, 4, 5], [4, 6, 9, 12], stack.key);
    expect(value).toBe(2.5);
    expect(lower).toBeLessThan(2.5);
    expect(upper).toBeGreaterThan(2.5);
    // Of one unit below and one above nothing varies; of one below, only the upper median does.
    expect(growth([2], [5], stack.key)).toEqual([2.5, 2.5, 2.5]);
  });
});

describe("reconstructions.csv", () => {
  const uniform = new Int8Array(6 * 64);
  for (let index = 0; index < uniform.length; index++)
    uniform[index] = Math.floor(index / 64) % 2 === 0 ? 1 : -1;
  const halves = Int8Array.from({ length: 6 * 64 }, (_, index) => (index % 64 < 32 ? 1 : -1));

  async function table(spins: Int8Array) {
    const data = packBits(spins, 6, 64);
    const { table: csv, examples } = await reconstructions(
      blockStack(),
      data,
      torus(8, 8),
      kernels,
      () => undefined,
    );
    return { rows: rowsOf(csv), examples };
  }

  it("finds uniform configurations again from the blocks, with their energy and magnetisation", async () => {
    const { rows } = await table(uniform);
    const value = (column: string): number => Number(rows[0][column]);
    expect(rows.map((row) => [row["units"], row["compression"]])).toEqual([
      ["4", "16"],
      ["1", "64"],
    ]);
    expect([value("accuracy"), value("accuracy_error"), value("block_accuracy")]).toEqual([1, 0, 1]);
    expect([value("energy"), value("reconstructed_energy")]).toEqual([-2, -2]);
    expect([value("abs_magnetization"), value("reconstructed_abs_magnetization")]).toEqual([1, 1]);
  });

  it("keeps what the units see and loses what they do not", async () => {
    const { rows } = await table(halves);
    // The four blocks see both halves; the unit above sees the upper half alone, and says nothing of the lower: ties.
    expect(Number(rows[0]["accuracy"])).toBe(1);
    expect(Number(rows[0]["energy"])).toBe(-1.5);
    expect(Number(rows[0]["reconstructed_energy"])).toBe(-1.5);
    expect(Number(rows[1]["accuracy"])).toBe(0.75);
    expect(Number(rows[0]["majority_accuracy"])).toBe(0.5);
    expect(rows[1]["block_accuracy"]).toBe("0.5");
  });
});

describe("the figures of fields", () => {
  it("are made of their CSV files alone, byte for byte", async () => {
    const layers = [randomLayer("spin", 64, 9), randomLayer("spin", 9, 4)];
    const rows = randomRows(60, 64);
    const measured = measureLayers(layers, rows, SHAPE, kernels);
    const [units, pairs] = [receptiveFieldsCsv(measured), correlationsCsv(measured)];
    const { examples } = await reconstructions(layers, rows, torus(8, 8), kernels, () => undefined);
    const draw = [
      () => tilingFigure(rowsOf(units), SHAPE, "run"),
      () => hiddenCorrelationsFigure(rowsOf(pairs), "run"),
      () => reconstructionFigure(rowsOf(examples), SHAPE, [9, 4], "run"),
    ];
    for (const figure of draw) {
      const [first, second] = [await figure(), await figure()];
      expect(second.svg).toBe(first.svg);
      expect(Buffer.from(second.png).equals(Buffer.from(first.png))).toBe(true);
    }
    const [tiling] = await Promise.all([draw[0]()]);
    expect(tiling.svg.match(/<circle[^>]*r="1.6"/g)!.length).toBeGreaterThanOrEqual(13);
  });
});
