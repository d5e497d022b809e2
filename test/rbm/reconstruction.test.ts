import { describe, expect, it } from "vitest";
import { bitMatrix } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { reconstructionError } from "../../src/rbm/reconstruction.js";
import {
  drawStates,
  enumerateJoint,
  randomDistribution,
  randomRbm,
  toSingle,
  unitTypes,
  unitValues,
} from "./oracle.js";
import { implementations } from "./training.js";

describe.each(implementations)("the reconstruction error by the $name kernels", (kernels) => {
  it("of a model that knows nothing is 1 for spins and 1/4 for binary units", () => {
    const rows = bitMatrix(423, 40);
    rows.words.forEach((_, k) => (rows.words[k] = k % 2 === 0 ? (k * 2654435761) >>> 0 : k & 0xff));
    for (const [units, expected] of [
      ["spin", 1],
      ["binary", 0.25],
    ] as const) {
      const layer = zeroRbm(units, 40, 7);
      expect(reconstructionError(layer, rows, seedKey("zero"), kernels)).toBe(expected);
    }
  });

  it("is the exact ⟨(v − ⟨v|h⟩)²⟩ over P(v) P(h|v) within 4 Monte-Carlo errors", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 5, 3, `reconstruction ${units}`));
      const data = randomDistribution(5, "reconstruction");
      const { joint, visible, hidden } = enumerateJoint(layer);
      const means = Array.from(hidden, (ph, h) => {
        const mean = new Float64Array(5);
        visible.forEach((_, v) => {
          unitValues(units, v, 5).forEach((value, i) => (mean[i] += (joint[v + 32 * h] / ph) * value));
        });
        return mean;
      });
      let [expected, square] = [0, 0];
      joint.forEach((p, index) => {
        const [v, h] = [index % 32, Math.floor(index / 32)];
        const weight = (data[v] * p) / visible[v];
        const error = unitValues(units, v, 5).reduce((sum, x, i) => sum + (x - means[h][i]) ** 2 / 5, 0);
        expected += weight * error;
        square += weight * error ** 2;
      });
      const rows = bitMatrix(30_005, 5);
      drawStates(data, rows, seedKey("rows"));
      const found = reconstructionError(layer, rows, seedKey("samples"), kernels);
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt((square - expected ** 2) / 30_005));
    }
  });

  it("is nearly 0 for strong couplings that copy v", () => {
    const layer = zeroRbm("spin", 33, 33);
    for (let i = 0; i < 33; i++) layer.weights[i * 33 + i] = 20;
    const rows = bitMatrix(11, 33);
    drawStates(randomDistribution(5, "copy"), rows, seedKey("rows"));
    expect(reconstructionError(layer, rows, seedKey("copy"), kernels)).toBeLessThan(1e-12);
  });
});
