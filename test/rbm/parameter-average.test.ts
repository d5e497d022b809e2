import { describe, expect, it } from "vitest";
import { packBits } from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { trainLayer } from "../../src/rbm/trainer.js";
import type { StateArrays } from "../../src/rbm/layer-state.js";
import { implementations, trainingOptions } from "./training.js";

const [kernels] = implementations;
const names = ["weights", "visibleBias", "hiddenBias"] as const;

function randomData() {
  const stream = new RandomStream(seedKey("average"));
  const spins = Array.from({ length: 40 * 5 }, () => (stream.nextWord() < 2 ** 31 ? 1 : -1));
  return { rows: packBits(spins, 40, 5), target: null };
}

/** The parameters after every update, and those that training ends with. */
async function trace(averagedEpochs: number) {
  const steps: StateArrays[] = [];
  const metrics: number[] = [];
  const options = trainingOptions({ epochs: 3, batchSize: 10, averagedEpochs });
  const result = await trainLayer(randomData(), 4, options, 1, seedKey("k"), kernels, {
    onUpdate({ capture }) {
      const { arrays } = capture();
      steps.push(Object.fromEntries(names.map((name) => [name, arrays[`parameters.${name}`].slice()])));
    },
    onEpoch: ({ parameters }) => void metrics.push(parameters.weights[0]),
  });
  return { steps, metrics, result };
}

describe("averaged_epochs", () => {
  it.each([1, 2, 3, 9])("ends with the mean over the updates of the last %i epochs", async (epochs) => {
    const { steps, metrics, result } = await trace(epochs);
    expect(steps).toHaveLength(12);
    const counted = steps.slice(-4 * Math.min(3, epochs));
    for (const name of names) {
      result[name].forEach((value, k) => {
        const mean = counted.reduce((sum, step) => sum + step[name][k], 0) / counted.length;
        expect(Math.abs(value - mean)).toBeLessThan(1e-7);
      });
    }
    expect(metrics.at(-1)).toBe(result.weights[0]);
    expect(result.weights[0]).not.toBe(steps.at(-1)!["weights"][0]);
  });

  it("changes no update", async () => {
    const [plain, averaged] = [await trace(0), await trace(2)];
    expect(averaged.steps).toEqual(plain.steps);
    expect(plain.result.weights).toEqual(plain.steps.at(-1)!["weights"]);
  });
});
