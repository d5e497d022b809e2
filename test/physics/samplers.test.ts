import { describe, expect, it } from "vitest";
import { boltzmannDistribution, exactReference } from "../../src/ising/exact/index.js";
import { chain, torus } from "../../src/ising/lattice.js";
import { measure } from "../../src/ising/measurements.js";
import { CRITICAL_COUPLING, type IsingModel, isingModel } from "../../src/ising/model.js";
import { estimateObservables } from "../../src/ising/observables.js";
import { sampleIsing, type SamplingOptions } from "../../src/ising/sample.js";
import { type SamplerName, samplers } from "../../src/ising/samplers/index.js";
import { kernels } from "./kernels.js";
import { deriveKey, seedKey } from "../../src/random/index.js";
import { estimateMean } from "../../src/statistics/index.js";
import {
  advance,
  chainsInDistribution,
  stateCounts,
  totalVariation,
  totalVariationFloor,
} from "./sampler-harness.js";

/** The Monte-Carlo floor of each model, shared by all samplers. */
const floors = new Map<string, { mean: number; deviation: number }>();

function floorOf(
  label: string,
  probabilities: Float64Array,
  samples: number,
): { mean: number; deviation: number } {
  const known = floors.get(label) ?? totalVariationFloor(probabilities, samples, seedKey(`floor ${label}`));
  floors.set(label, known);
  return known;
}

const names = Object.keys(samplers) as SamplerName[];

const automatic: SamplingOptions = {
  samples: 20_000,
  algorithm: "auto",
  chains: 32,
  thermalization: "auto",
  spacing: "auto",
  start: "auto",
};

/** z-scores of E and m² of one run against exact values. */
async function zScores(
  model: IsingModel,
  options: SamplingOptions,
  seed: string,
): Promise<{ energy: number; m2: number }> {
  const set = await sampleIsing(model, options, seedKey(seed), kernels);
  const observables = estimateObservables(model, measure(model, set.configurations, set.chains));
  const exact = exactReference(model);
  const z = (name: string, value: number | undefined): number => {
    const found = observables.find((observable) => observable.name === name);
    if (found === undefined || value === undefined) throw new Error(`no ${name}`);
    return (found.value - value) / found.error;
  };
  return { energy: z("energy", exact.energyPerSite), m2: z("m2", exact.m2) };
}

describe.each(names)("%s", (name) => {
  const sampler = samplers[name];

  const cases: readonly (readonly [string, IsingModel])[] = [
    ["3×3 at K = 0.3", isingModel(torus(3, 3), 0.3)],
    ["3×3 at K_c", isingModel(torus(3, 3), CRITICAL_COUPLING)],
    ["2×3 (doubled bonds) at K = 0.4", isingModel(torus(2, 3), 0.4)],
    ["2×2 (all bonds doubled) at K = 0.2", isingModel(torus(2, 2), 0.2)],
    ["4×4 at K_c", isingModel(torus(4, 4), CRITICAL_COUPLING)],
    ["ring of 8 at K = 1", isingModel(chain(8), 1)],
    ["ring of 2 at K = 0.5", isingModel(chain(2), 0.5)],
    ["ring of 9 at K = 0", isingModel(chain(9), 0)],
    ...(sampler.allowsField
      ? ([["3×4 at K = 0.3 in a field", isingModel(torus(3, 4), 0.3, 0.2)]] as const)
      : []),
  ];

  it.each(cases)("leaves the Boltzmann distribution alone: %s", (label, model) => {
    const key = seedKey(`stationary ${name} ${label}`);
    const probabilities = boltzmannDistribution(model);
    const samples = 64_000;
    const floor = floorOf(label, probabilities, samples);
    const state = chainsInDistribution(model, probabilities, samples, deriveKey(key, "isingStart"));
    for (const steps of [1, 2]) {
      advance(sampler, model, state, steps, deriveKey(key, "isingChains", steps));
      const distance = totalVariation(stateCounts(state), probabilities);
      expect(distance - floor.mean).toBeLessThan(5 * floor.deviation);
    }
  });

  it.each(["hot", "cold"] as const)(
    "reaches every state of a ring of 8 at K = 1 from a %s start",
    async (start) => {
      const model = isingModel(chain(8), 1);
      const options = {
        ...automatic,
        algorithm: name,
        start,
        samples: 64_000,
        chains: 6400,
        thermalization: 60,
        spacing: 20,
      };
      const set = await sampleIsing(model, options, seedKey(`ergodic ${name}`), kernels);
      const counts = new Float64Array(256);
      for (let row = 0; row < set.configurations.rows; row++) counts[set.configurations.words[row]]++;
      const probabilities = boltzmannDistribution(model);
      const floor = totalVariationFloor(probabilities, 64_000, seedKey("floor"));
      // Ten samples of one chain are correlated, which can only raise the distance: by less than √(2τ) ≈ 1.5.
      expect(totalVariation(counts, probabilities)).toBeLessThan(1.5 * floor.mean + 5 * floor.deviation);
      probabilities.forEach((p, state) => {
        if (64_000 * p > 30) expect(counts[state]).toBeGreaterThan(0);
      });
    },
  );

  const sizes: readonly (readonly [string, IsingModel, number])[] = [
    ["4×4 at K_c", isingModel(torus(4, 4), CRITICAL_COUPLING), 40_000],
    ["8×8 at K_c", isingModel(torus(8, 8), CRITICAL_COUPLING), 20_000],
    ["16×16 at K_c", isingModel(torus(16, 16), CRITICAL_COUPLING), 10_000],
    ["40×40 at K = 0.408", isingModel(torus(40, 40), 0.408), name === "swendsen-wang" ? 3000 : 6000],
    ["5×7 at K = 0.35", isingModel(torus(5, 7), 0.35), 10_000],
    ["ring of 31 at K = 0.7", isingModel(chain(31), 0.7), 10_000],
  ];
  it.each(sizes)("gives E and m² of %s within 4 standard errors of exact", async (label, model, samples) => {
    const z = await zScores(model, { ...automatic, algorithm: name, samples }, `${name} ${label}`);
    expect(Math.abs(z.energy)).toBeLessThan(4);
    expect(Math.abs(z.m2)).toBeLessThan(4);
  });

  it("agrees with itself from hot and cold starts at 8×8, K = 0.408", async () => {
    const model = isingModel(torus(8, 8), 0.408);
    for (const start of ["hot", "cold"] as const) {
      const z = await zScores(model, { ...automatic, algorithm: name, start }, `${name} ${start}`);
      expect(Math.abs(z.energy)).toBeLessThan(4);
      expect(Math.abs(z.m2)).toBeLessThan(4);
    }
  });
});

describe("error bars", () => {
  it.each(["wolff", "heat-bath"] as const)(
    "of 200 short %s runs are calibrated: z has standard deviation 1 ± 0.15",
    async (name) => {
      const model = isingModel(torus(8, 8), 0.408);
      const z: { energy: number; m2: number }[] = [];
      for (let run = 0; run < 200; run++) {
        const options = { ...automatic, algorithm: name, samples: 2000 };
        z.push(await zScores(model, options, `calibration ${name} ${run}`));
      }
      for (const which of ["energy", "m2"] as const) {
        const values = z.map((scores) => scores[which]);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const deviation = Math.sqrt(
          values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1),
        );
        expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(200));
        expect(Math.abs(deviation - 1)).toBeLessThan(0.15);
      }
    },
  );
});

describe("Wolff", () => {
  it("passes the classic generator test: 16×16 at K_c, E/N = −1.453064853 and C/N = 1.498704959", async () => {
    const model = isingModel(torus(16, 16), CRITICAL_COUPLING);
    const options = { ...automatic, algorithm: "wolff", samples: 200_000, chains: 64 } as const;
    const set = await sampleIsing(model, options, seedKey("generator test"), kernels);
    const observables = estimateObservables(model, measure(model, set.configurations, set.chains));
    const [energy, specificHeat] = ["energy", "specificHeat"].map((name) =>
      observables.find((o) => o.name === name)!,
    );
    expect(Math.abs(energy.value + 1.453064853)).toBeLessThan(4 * energy.error);
    expect(Math.abs(specificHeat.value - 1.498704959)).toBeLessThan(4 * specificHeat.error);
    expect(energy.error).toBeLessThan(1e-3);
  });

  it.each([
    ["16×16 at K_c", isingModel(torus(16, 16), CRITICAL_COUPLING)],
    ["8×12 at K = 0.3", isingModel(torus(8, 12), 0.3)],
  ])("grows clusters of mean size N⟨m²⟩ in equilibrium: %s", (label, model) => {
    const key = seedKey(`cluster size ${label}`);
    const start = chainsInDistribution(
      isingModel(torus(2, 2), 0),
      new Float64Array(16).fill(1 / 16),
      64,
      key,
    );
    const { sites, degree, neighbors } = model.lattice;
    const state = {
      ...start,
      sites,
      degree,
      neighbors,
      spins: new Uint32Array(sites * start.wordsPerSite).fill(-1),
    };
    advance(samplers.wolff, model, state, 400, deriveKey(key, "isingStart"));
    const series = Array.from({ length: 64 }, () => new Float64Array(1000));
    for (let step = 0; step < 1000; step++) {
      const sizes = advance(samplers.wolff, model, state, 1, deriveKey(key, "isingChains", step));
      sizes.forEach((size, index) => (series[index][step] = size / sites));
    }
    const { value, error } = estimateMean(series);
    expect(Math.abs(value - (exactReference(model).m2 ?? NaN))).toBeLessThan(4 * error);
  });
});

describe("sampling", () => {
  it("draws both signs of m equally at low temperature, where chains alone would keep one", async () => {
    const model = isingModel(torus(8, 8), 1);
    for (const algorithm of names) {
      const options = { ...automatic, algorithm, samples: 4000, thermalization: 50, spacing: 2 };
      const set = await sampleIsing(model, options, seedKey(`sign ${algorithm}`), kernels);
      let up = 0;
      for (let row = 0; row < 4000; row++) up += set.configurations.words[2 * row] === 0xffffffff ? 1 : 0;
      expect(Math.abs(up / 4000 - 0.5)).toBeLessThan(0.05);
    }
  });

  it.each([
    ["ring of 2", chain(2)],
    ["2×2", torus(2, 2)],
    ["2×3", torus(2, 3)],
  ])("forgets the parity of the up spins at infinite temperature: %s", async (label, lattice) => {
    const model = isingModel(lattice, 0);
    for (const algorithm of ["auto", "heat-bath", "swendsen-wang"] as const) {
      const set = await sampleIsing(model, { ...automatic, algorithm }, seedKey(label), kernels);
      const counts = new Float64Array(2 ** lattice.sites);
      for (let row = 0; row < 20_000; row++) counts[set.configurations.words[row]]++;
      const expected = 20_000 / counts.length;
      for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it("is a function of the seed, and different temperatures use different streams", async () => {
    const draw = async (coupling: number, seed: string) => {
      const options = { ...automatic, samples: 100 };
      return (await sampleIsing(isingModel(torus(6, 6), coupling), options, seedKey(seed), kernels))
        .configurations.words;
    };
    expect(await draw(0.4, "a")).toEqual(await draw(0.4, "a"));
    expect(await draw(0.4, "a")).not.toEqual(await draw(0.4, "b"));
    expect(await draw(0, "a")).not.toEqual(await draw(1e-12, "a"));
  });

  it("refuses a cluster algorithm in a field, negative couplings and counts that are not whole", async () => {
    const model = isingModel(torus(4, 4), 0.4, 0.1);
    const draw = (options: SamplingOptions) => sampleIsing(model, options, seedKey(1), kernels);
    await expect(draw({ ...automatic, algorithm: "wolff" })).rejects.toThrow(/zero field only.*heat-bath/);
    await expect(draw({ ...automatic, samples: 1.5 })).rejects.toThrow(/samples = 1.5/);
    await expect(draw({ ...automatic, spacing: 0 })).rejects.toThrow(/spacing = 0/);
    expect(() => isingModel(torus(4, 4), -0.1)).toThrow(/coupling K = -0.1/);
  });
});
