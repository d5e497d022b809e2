import { describe, expect, it } from "vitest";
import {
  bitMatrix,
  type BitMatrix,
  type LayerArrays,
  openKernels,
  rowRange,
  setBit,
  unpackRow,
} from "../../src/kernels/index.js";
import { fillStandardNormal, RandomStream, seedKey } from "../../src/random/index.js";
import { meanHiddenGivenVisible } from "../../src/rbm/energy.js";
import { hiddenMeans, measureLayers } from "../../src/report/layer-fields.js";

const SHAPE = [12, 12] as const;

function layer(units: LayerArrays["units"], visible: number, hidden: number): LayerArrays {
  const normal = (length: number, name: string): Float32Array => {
    const out = new Float32Array(length);
    fillStandardNormal(seedKey(`${name} ${visible}`), out);
    return out.map((x) => x / 4);
  };
  return {
    units,
    visible,
    hidden,
    weights: normal(visible * hidden, "weights"),
    visibleBias: normal(visible, "visible"),
    hiddenBias: normal(hidden, "hidden"),
  };
}

function randomRows(rows: number, columns: number): BitMatrix {
  const out = bitMatrix(rows, columns);
  const stream = new RandomStream(seedKey("rows"));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) setBit(out, row, column, stream.nextWord() & 1 ? 1 : 0);
  }
  return out;
}

/** The definition in double precision: means passed upwards, at the end as numbers in [−1, 1]. */
function definition(
  layers: readonly LayerArrays[],
  visible: BitMatrix,
  row: number,
): readonly Float64Array[] {
  const spins = new Float64Array(visible.columns);
  unpackRow(visible, row, spins, layers[0].units === "spin" ? -1 : 0, 1);
  let below: Float64Array = spins;
  return layers.map((each) => {
    below = meanHiddenGivenVisible(each, below);
    return each.units === "spin" ? below : below.map((p) => 2 * p - 1);
  });
}

describe.each(["spin", "binary"] as const)("hidden means of %s units", (units) => {
  const layers = [layer(units, 144, 50), layer(units, 50, 20), layer(units, 20, 7)];
  const rows = randomRows(130, 144);

  it.each(["wasm", "reference"] as const)("%s kernels: the definition to 1e-6", (choice) => {
    const kernels = openKernels(choice, 1);
    const means = hiddenMeans(layers, rows, kernels);
    kernels.close();
    let worst = 0;
    for (let row = 0; row < rows.rows; row++) {
      definition(layers, rows, row).forEach((expected, index) => {
        expected.forEach((value, unit) => {
          worst = Math.max(worst, Math.abs(means[index][row * expected.length + unit] - value));
        });
      });
    }
    expect(worst).toBeLessThan(1e-6);
  });
});

describe("measureLayers", () => {
  it("gives the same block overlaps to 1e-6, whichever kernels, and looks at 500 rows at most", () => {
    const layers = [layer("spin", 144, 50), layer("spin", 50, 20)];
    const rows = randomRows(600, 144);
    const [wasm, reference, fewer] = [
      { choice: "wasm", given: rows },
      { choice: "reference", given: rows },
      { choice: "wasm", given: rowRange(rows, 0, 500) },
    ].map(({ choice, given }) => {
      const kernels = openKernels(choice as "wasm" | "reference", 1);
      const result = measureLayers(layers, given, SHAPE, kernels);
      kernels.close();
      return result;
    });
    wasm.forEach(({ blocks, measures, fields }, index) => {
      expect(fields).toEqual(reference[index].fields);
      expect(measures).toEqual(reference[index].measures);
      blocks.forEach(({ size, overlap }, unit) => {
        const other = reference[index].blocks[unit];
        expect(size).toBe(other.size);
        expect(Math.abs(overlap / other.overlap - 1)).toBeLessThan(1e-6);
      });
    });
    expect(fewer).toEqual(wasm);
  });
});
