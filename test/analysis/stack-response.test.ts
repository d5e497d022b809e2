import { describe, expect, it } from "vitest";
import { hiddenMeans } from "../../src/analysis/hidden-means.js";
import { stackResponses } from "../../src/analysis/stack-response.js";
import { referenceKernels, rowRange, unpackRow } from "../../src/kernels/index.js";
import { meanHiddenGivenVisible } from "../../src/rbm/energy.js";
import { randomLayer, randomRows } from "./random-stack.js";

describe.each(["spin", "binary"] as const)("response of a stack of %s units", (units) => {
  const layers = [randomLayer(units, 10, 8), randomLayer(units, 8, 6), randomLayer(units, 6, 4)];
  const rows = randomRows(7, 10);

  /** Hidden means of every layer, in the model's own units, of real visible values. */
  function upPass(visible: Float64Array): readonly Float64Array[] {
    let below = visible;
    return layers.map((layer) => (below = meanHiddenGivenVisible(layer, below)));
  }

  it("is the mean over the rows of the derivative of the up-pass, by central differences", () => {
    const responses = stackResponses(layers, hiddenMeans(layers, rows, referenceKernels));
    const step = 1e-4;
    const expected = layers.map(({ hidden }) => new Float64Array(hidden * 10));
    const spins = new Float64Array(10);
    for (let row = 0; row < rows.rows; row++) {
      unpackRow(rows, row, spins, units === "spin" ? -1 : 0, 1);
      for (let i = 0; i < 10; i++) {
        const [up, down] = [step, -step].map((h) => upPass(spins.map((v, k) => (k === i ? v + h : v))));
        expected.forEach((field, layer) => {
          for (let j = 0; j < layers[layer].hidden; j++)
            field[j * 10 + i] += (up[layer][j] - down[layer][j]) / (2 * step) / rows.rows;
        });
      }
    }
    responses.forEach((response, layer) => {
      response.forEach((value, index) => {
        expect(Math.abs(value - expected[layer][index])).toBeLessThan(2e-7);
      });
    });
    // The chain of slopes is not the product of their means: were it, the third layer would differ by more than that.
    const single = stackResponses(layers, hiddenMeans(layers, rowRange(rows, 0, 1), referenceKernels));
    expect(Math.abs(single[2][0] - responses[2][0])).toBeGreaterThan(1e-5);
  });
});
