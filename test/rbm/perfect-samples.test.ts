import { describe, expect, it } from "vitest";
import { referenceKernels } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { visibleDistribution, visibleHamiltonians } from "../../src/rbm/ensemble.js";
import { exactMagnetization } from "../../src/rbm/exact-magnetization.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { perfectSamples } from "../../src/rbm/perfect-samples.js";
import { enumerateJoint, randomRbm, toSingle, unitTypes, unitValues } from "./oracle.js";
import { implementations } from "./training.js";

/** More visible units than hidden ones, the other way round, and the same number. */
const shapes = [
  [7, 3],
  [4, 6],
  [5, 5],
] as const;

describe.each(implementations)("perfect samples by the $name kernels", (kernels) => {
  it.each(shapes)("of %i visible and %i hidden units have the distribution of the model", (n, m) => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, n, m, `perfect ${units}`));
      const hamiltonians = visibleHamiltonians(layer, kernels);
      const { probabilities } = visibleDistribution(hamiltonians, kernels);
      const count = 20_000;
      const { words } = perfectSamples(layer, count, seedKey(`perfect ${n}`), kernels);
      const found = new Float64Array(2 ** n);
      for (const state of words) found[state]++;
      const chiSquare = probabilities.reduce(
        (sum, p, state) => sum + (found[state] - count * p) ** 2 / (count * p),
        0,
      );
      const degrees = 2 ** n - 1;
      expect(Math.abs(chiSquare - degrees)).toBeLessThan(4 * Math.sqrt(2 * degrees));
    }
  });

  it("are a function of the layer and the key", () => {
    const layer = toSingle(randomRbm("spin", 40, 5, "key"));
    const draw = (seed: string) => [...perfectSamples(layer, 9, seedKey(seed), kernels).words];
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("b")).not.toEqual(draw("a"));
  });
});

describe("⟨m⟩ and P(m > 0) of the model", () => {
  it.each([...shapes, [8, 2], [9, 1]] as const)("are sums over all states, %i × %i", (n, m) => {
    for (const units of unitTypes) {
      const rbm = randomRbm(units, n, m, `magnetization ${units} ${n}`);
      const { visible } = enumerateJoint(rbm);
      let [mean, positive] = [0, 0];
      visible.forEach((p, state) => {
        const total = unitValues(units, state, n).reduce((sum, v) => sum + v, 0);
        const up = unitValues("binary", state, n).reduce((sum, v) => sum + v, 0);
        mean += (p * total) / n;
        positive += 2 * up > n ? p : 2 * up === n ? p / 2 : 0;
      });
      const found = exactMagnetization(toSingle(rbm), referenceKernels)!;
      expect(found.magnetizationModel).toBeCloseTo(mean, 6);
      expect(found.positiveFraction).toBeCloseTo(positive, 6);
    }
  });

  it("are 0 and ½ by symmetry without biases, also of large layers, and not known of large ones with biases", () => {
    const large = zeroRbm("spin", 60, 60);
    large.weights.fill(0.3);
    expect(exactMagnetization(large, referenceKernels)).toEqual({
      magnetizationModel: 0,
      positiveFraction: 0.5,
    });
    large.visibleBias[3] = 0.1;
    expect(exactMagnetization(large, referenceKernels)).toBeNull();
    const wide = zeroRbm("binary", 1000, 1);
    expect(exactMagnetization(wide, referenceKernels)!.positiveFraction).toBeCloseTo(0.5, 12);
  });
});
