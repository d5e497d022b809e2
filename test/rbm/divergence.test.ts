import { describe, expect, it } from "vitest";
import { DivergenceError } from "../../src/errors/index.js";
import { requireConverging } from "../../src/rbm/divergence.js";
import { randomRbm, toSingle } from "./oracle.js";
import { trainingOptions } from "./training.js";

const place = { layer: 2, epoch: 5 };
const arrays = ["weights", "visibleBias", "hiddenBias"] as const;

describe("the check for divergence", () => {
  it("lets parameters up to max_weight pass", () => {
    const layer = toSingle(randomRbm("spin", 3, 2, "fine"));
    layer.weights[4] = -100;
    layer.hiddenBias[1] = 100;
    expect(() => {
      requireConverging(layer, trainingOptions({ maxWeight: 100 }), place);
    }).not.toThrow();
  });

  it.each(arrays)("finds NaN, infinity and a value beyond the limit anywhere in %s", (name) => {
    const size = randomRbm("spin", 3, 2, "broken")[name].length;
    for (const value of [NaN, Infinity, -Infinity, 100.1, -100.1]) {
      for (let index = 0; index < size; index++) {
        const layer = toSingle(randomRbm("spin", 3, 2, "broken"));
        layer[name][index] = value;
        expect(() => {
          requireConverging(layer, trainingOptions({ maxWeight: 100 }), place);
        }, `${value} at ${index}`).toThrow(DivergenceError);
      }
    }
  });

  it("says where, what was found and which knob to turn", () => {
    const layer = toSingle(randomRbm("spin", 3, 2, "message"));
    const message = (momentum: number): string => {
      try {
        requireConverging(layer, trainingOptions({ maxWeight: 100, learningRate: 0.25, momentum }), place);
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    layer.weights[1] = 123;
    expect(message(0.5)).toMatch(/layer 2, epoch 5: the largest \|parameter\| is 123 \(limit 100\)/);
    expect(message(0.5)).toMatch(/learning_rate = 0\.25/);
    expect(message(0.5)).not.toMatch(/momentum/);
    expect(message(0.95)).toMatch(/momentum below 0\.9 \(now 0\.95\)/);
    layer.weights[1] = NaN;
    expect(message(0.5)).toMatch(/layer 2, epoch 5: a parameter is not finite/);
  });
});
