import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { openKernels, rowRange } from "../../src/kernels/index.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { type LayerFields, measureLayers } from "../../src/report/layer-fields.js";
import { mosaicFigure } from "../../src/report/figures/index.js";
import { correlationsCsv, layerRow, layersCsv } from "../../src/report/layers-table.js";
import {
  drawnFields,
  fieldsCsvParts,
  receptiveFieldsCsv,
  unitRecords,
} from "../../src/report/receptive-fields-table.js";
import { randomLayer, randomRows } from "../analysis/random-stack.js";

const SHAPE = [12, 12] as const;

function measured(
  choice: "wasm" | "reference",
  layers: Parameters<typeof measureLayers>[0],
  rows: Parameters<typeof measureLayers>[1],
): readonly LayerFields[] {
  const kernels = openKernels(choice, 1);
  try {
    return measureLayers(layers, rows, SHAPE, kernels);
  } finally {
    kernels.close();
  }
}

describe("measureLayers", () => {
  it("gives the same numbers, whichever kernels, and looks at 500 rows at most", () => {
    const layers = [randomLayer("spin", 144, 50), randomLayer("spin", 50, 20)];
    const rows = randomRows(600, 144);
    const wasm = measured("wasm", layers, rows);
    const reference = measured("reference", layers, rows);
    wasm.forEach(({ blocks, measures, fields, correlations }, index) => {
      expect(fields).toEqual(reference[index].fields);
      measures.forEach(({ response, ...field }, unit) => {
        const { response: other, ...same } = reference[index].measures[unit];
        expect(field).toEqual(same);
        expect(Math.abs(response.participationRatio / other.participationRatio - 1)).toBeLessThan(1e-4);
      });
      blocks.forEach(({ size, overlap }, unit) => {
        const other = reference[index].blocks[unit];
        expect(size).toBe(other.size);
        expect(Math.abs(overlap / other.overlap - 1)).toBeLessThan(1e-6);
      });
      correlations.forEach(({ correlation, pairs }, bin) => {
        if (pairs > 0)
          expect(Math.abs(correlation - reference[index].correlations[bin].correlation)).toBeLessThan(1e-5);
      });
    });
    expect(measured("wasm", layers, rowRange(rows, 0, 500))).toEqual(wasm);
  });

  it("calls a unit of zero or of tiny weights dead, and a block of large ones localised", () => {
    const layer = zeroRbm("spin", 144, 3);
    for (const [unit, weight] of [
      [1, 1e-4],
      [2, 0.8],
    ])
      for (const site of [0, 1, 12, 13, 143]) layer.weights[site * 3 + unit] = weight;
    // A floor of noise, else the weights in random order are a block often enough.
    const floor = randomLayer("spin", 144, 3).weights;
    for (let site = 0; site < 144; site++) layer.weights[site * 3 + 2] += 0.02 * floor[site * 3 + 2];
    const [{ measures, tiling }] = measured("wasm", [layer], randomRows(300, 144));
    expect(measures.map(({ dead }) => dead)).toEqual([true, true, false]);
    expect(measures.map(({ localized }) => localized)).toEqual([false, false, true]);
    expect(tiling.nearestCenter.value).toBeNaN();
  });
});

describe("the tables", () => {
  const layers = measured(
    "wasm",
    [randomLayer("spin", 144, 50), randomLayer("spin", 50, 20)],
    randomRows(200, 144),
  );

  it("begin with the columns of the interface and have a row per unit", () => {
    const lines = receptiveFieldsCsv(layers).trimEnd().split("\n");
    expect(lines[0]).toMatch(
      /^layer,unit,center_x,center_y,radius_of_gyration,participation_ratio,sign_coherence,peak,norm,block_size,block_overlap,localized,/,
    );
    expect(lines).toHaveLength(71);
    const records = unitRecords(layers);
    expect(records).toHaveLength(70);
    expect(records[50]["layer"]).toBe(2);
    expect(
      Object.values(records[50]).map((value) => (Number.isNaN(value) || value === null ? "" : String(value))),
    ).toEqual(lines[51].split(","));
  });

  it("have a row per layer with medians inside their intervals, and one per bin with pairs", () => {
    expect(layersCsv(layers).trimEnd().split("\n")).toHaveLength(3);
    const row = new Map(layerRow(layers[0]));
    const number = (name: string): number => Number(row.get(name));
    for (const name of ["participation_ratio", "radius_of_gyration", "core_radius", "response_core_radius"]) {
      expect(number(`median_${name}_lower`)).toBeLessThanOrEqual(number(`median_${name}`));
      expect(number(`median_${name}_upper`)).toBeGreaterThanOrEqual(number(`median_${name}`));
    }
    expect(number("dead_units")).toBe(0);
    const bins = layers.flatMap(({ correlations }) => correlations.filter(({ pairs }) => pairs > 0));
    expect(correlationsCsv(layers).trimEnd().split("\n")).toHaveLength(1 + bins.length);
  });

  it("behind a mosaic hold what it is drawn from: drawn from the table it has the same bytes", async () => {
    const [{ units }] = layers;
    const drawn = drawnFields(layers[0]);
    const { rows } = parseCsv([...fieldsCsvParts(drawn, units, [12, 12])].join(""), "fields.csv");
    const read = Float64Array.from({ length: units * 144 }, (_, k) =>
      Number(rows[k % 144][`h${Math.floor(k / 144)}`]),
    );
    const draw = (fields: Float64Array) => mosaicFigure({ title: "fields", fields, units, shape: [12, 12] });
    expect(await draw(read)).toEqual(await draw(drawn));
    expect(read).toEqual(drawn);
    const off = drawn.map(
      (value, k) => Math.abs(value - layers[0].fields[k]) / Math.abs(layers[0].fields[k]),
    );
    expect(Math.max(...off)).toBeLessThanOrEqual(5e-6);
  });
});
