import { describe, expect, it } from "vitest";
import { chain, torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { sampleIsing, type SamplingOptions, type SamplingState } from "../../src/ising/sample.js";
import { referenceKernels } from "../../src/kernels/reference/index.js";
import { seedKey } from "../../src/random/index.js";

const kernels = referenceKernels;
const key = seedKey("resume");

const base: SamplingOptions = {
  samples: 70,
  algorithm: "auto",
  chains: 32,
  thermalization: "auto",
  spacing: "auto",
  start: "auto",
};

/** The state after each of its pauses, as a checkpoint would hold it. */
async function statesOf(model: ReturnType<typeof isingModel>, options: SamplingOptions) {
  const states: SamplingState[] = [];
  const { configurations } = await sampleIsing(model, options, key, kernels, (_, __, capture) => {
    const { arrays, ...progress } = capture();
    const { configurations: words, spins, volumes } = arrays;
    const copies = { configurations: words.slice(), spins: spins.slice(), volumes: volumes.slice() };
    states.push({ ...progress, arrays: copies });
  });
  return { states, words: configurations.words };
}

it("sampling takes 32 chains and chooses the rest where nothing else is asked for", async () => {
  const model = isingModel(torus(6, 6), 0.44);
  expect((await statesOf(model, { samples: 70 })).words).toEqual((await statesOf(model, base)).words);
});

describe("sampling that goes on from a state", () => {
  it.each([
    ["wolff, no field", isingModel(torus(6, 6), 0.44), base],
    ["wolff, odd samples of few chains", isingModel(torus(5, 4), 0.3), { ...base, chains: 5, samples: 23 }],
    ["wolff, fixed schedule", isingModel(torus(4, 4), 0.4), { ...base, thermalization: 7, spacing: 3 }],
    ["heat bath in a field", isingModel(torus(4, 4), 0.3, 0.2), { ...base, algorithm: "heat-bath" }],
    ["metropolis on a ring", isingModel(chain(12), 0.5), { ...base, algorithm: "metropolis" }],
  ] as const)("makes the same configurations from every place: %s", async (_, model, options) => {
    const { states, words } = await statesOf(model, options);
    expect(states.length).toBeGreaterThan(8);
    expect(states[0].schedule).toBeNull();
    expect(states.at(-1)!.rows).toBe(options.samples);
    const some = states.filter((__, index) => index % Math.ceil(states.length / 40) === 0);
    for (const state of [...some, states.at(-1)!]) {
      const resumed = await sampleIsing(model, options, key, kernels, undefined, state);
      expect(resumed.configurations.words).toEqual(words);
    }
  });

  it("refuses the state of other chains", async () => {
    const { states } = await statesOf(isingModel(torus(4, 4), 0.4), base);
    const other = sampleIsing(isingModel(torus(6, 6), 0.4), base, key, kernels, undefined, states[3]);
    await expect(other).rejects.toThrow(/configurations: \d+ numbers; expected \d+/);
  });
});
