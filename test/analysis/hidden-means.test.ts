import { describe, expect, it } from "vitest";
import { hiddenMeans } from "../../src/analysis/hidden-means.js";
import { type BitMatrix, type LayerArrays, openKernels, unpackRow } from "../../src/kernels/index.js";
import { meanHiddenGivenVisible } from "../../src/rbm/energy.js";
import { randomLayer, randomRows } from "./random-stack.js";

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
  const layers = [randomLayer(units, 144, 50), randomLayer(units, 50, 20), randomLayer(units, 20, 7)];
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
