import { describe, expect, it } from "vitest";
import { bitMatrix, referenceKernels } from "../../src/kernels/index.js";
import { hiddenInformation } from "../../src/rbm/hidden-information.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { enumerateJoint, randomRbm, toSingle, unitTypes } from "./oracle.js";

/** All states of 4 units once each. */
const rows = bitMatrix(16, 4);
rows.words.forEach((_, state) => (rows.words[state] = state));

describe("what the hidden units tell about the configuration", () => {
  it("is Σ P(v, h_j) ln [P(v, h_j)/(P(v) P(h_j))], averaged over the units", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 4, 3, `information ${units}`));
      const { joint, visible } = enumerateJoint(layer);
      let expected = 0;
      for (let j = 0; j < 3; j++) {
        // P(v) is uniform over the rows, P(h_j | v) the model's
        const upper = Array.from({ length: 16 }, (_, v) =>
          Array.from({ length: 8 }, (_, h) => ((h >> j) & 1 ? joint[v + 16 * h] / visible[v] : 0)).reduce(
            (a, b) => a + b,
          ),
        );
        const mean = upper.reduce((a, b) => a + b) / 16;
        for (const p of upper)
          expected += (p * Math.log(p / mean) + (1 - p) * Math.log((1 - p) / (1 - mean))) / 16 / 3;
      }
      expect(expected).toBeGreaterThan(0.02);
      expect(hiddenInformation(layer, rows, referenceKernels)).toBeCloseTo(expected, 6);
    }
  });

  it("is zero for weights that are zero, whatever the biases, and ln 2 for a copy of a spin", () => {
    for (const units of unitTypes) {
      const layer = zeroRbm(units, 4, 2);
      layer.hiddenBias.set([0.7, -30]);
      layer.visibleBias.fill(0.3);
      expect(hiddenInformation(layer, rows, referenceKernels)).toBeLessThan(1e-15);
    }
    const copy = zeroRbm("spin", 4, 1);
    copy.weights[2] = 40;
    expect(hiddenInformation(copy, rows, referenceKernels)).toBeCloseTo(Math.LN2, 14);
  });
});
