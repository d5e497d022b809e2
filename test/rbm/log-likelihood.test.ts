import { describe, expect, it } from "vitest";
import { packBits, referenceKernels } from "../../src/kernels/index.js";
import { logLikelihoodPerUnit } from "../../src/rbm/log-likelihood.js";
import { randomRbm, toSingle, unitTypes, unitValues } from "./oracle.js";

describe("the log-likelihood per unit", () => {
  it.each(unitTypes)(
    "of %s units is the mean of ln P over the rows, P from sums over all states",
    (units) => {
      const rbm = randomRbm(units, 4, 3, "likelihood");
      const weight = (visible: readonly number[], hidden: readonly number[]): number => {
        let exponent = 0;
        visible.forEach((v, i) => (exponent += rbm.visibleBias[i] * v));
        hidden.forEach((h, j) => (exponent += rbm.hiddenBias[j] * h));
        visible.forEach((v, i) => {
          hidden.forEach((h, j) => (exponent += v * h * rbm.weights[3 * i + j]));
        });
        return Math.exp(exponent);
      };
      const marginal = Array.from({ length: 16 }, (_, v) =>
        Array.from({ length: 8 }, (__, h) => weight(unitValues(units, v, 4), unitValues(units, h, 3))).reduce(
          (a, b) => a + b,
        ),
      );
      const total = marginal.reduce((a, b) => a + b);
      const states = [3, 3, 9, 15, 0, 6];
      const rows = packBits(
        states.flatMap((state) => unitValues(units, state, 4)),
        states.length,
        4,
      );
      const logs = states.map((state) => Math.log(marginal[state] / total) / 4);
      const mean = logs.reduce((a, b) => a + b) / logs.length;
      const scatter = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (logs.length * (logs.length - 1));
      const logPartition = { value: Math.log(total), error: 0.4 };
      const found = logLikelihoodPerUnit(toSingle(rbm), rows, null, logPartition, referenceKernels);
      expect(found.value).toBeCloseTo(mean, 6);
      expect(found.error).toBeCloseTo(Math.sqrt(scatter + 0.1 ** 2), 6);
    },
  );
});
