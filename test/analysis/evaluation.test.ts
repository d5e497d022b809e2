import { describe, expect, it } from "vitest";
import { correlationFunction, evaluateLayer } from "../../src/analysis/evaluation/index.js";
import { stuckChains } from "../../src/analysis/evaluation/stuck-chains.js";
import { exactCorrelations, exactReference } from "../../src/ising/exact/index.js";
import { chain, torus } from "../../src/ising/lattice.js";
import { isingModel, type IsingModel } from "../../src/ising/model.js";
import { measure } from "../../src/ising/measurements.js";
import { estimateObservables } from "../../src/ising/observables.js";
import { sampleIsing } from "../../src/ising/sample.js";
import { type BitMatrix, bitMatrix, type LayerArrays } from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { bondRbm } from "../../src/rbm/bond-rbm.js";
import { visibleDistribution, visibleHamiltonians } from "../../src/rbm/ensemble.js";
import { runModelChains } from "../../src/rbm/model-chains.js";
import { isingHamiltonian, isingHamiltonians } from "../../src/ising/hamiltonian.js";
import { kernels } from "../physics/kernels.js";
import { randomRbm, toSingle, unitValues } from "../rbm/oracle.js";

const sampling = { chains: 50, thermalization: 100, spacing: 4, start: "auto", algorithm: "auto" } as const;

async function evaluated(layer: LayerArrays, model: IsingModel, samples = 4000) {
  const { configurations } = await sampleIsing(model, { ...sampling, samples }, seedKey("data"), kernels);
  const { logPartition } = exactReference(model);
  return evaluateLayer({
    layer,
    data: configurations,
    dataChains: sampling.chains,
    target: { model, logPartition: { value: logPartition!, error: 0, doubt: null } },
    key: seedKey("evaluation"),
    kernels,
    pause: () => undefined,
  });
}

/** |value − exact| in standard deviations; `slack` is what single precision may add. */
function score({ value, error }: { value: number; error: number }, exact: number, slack = 1e-5): number {
  return Math.max(0, Math.abs(value - exact) - slack) / Math.max(error, 1e-12);
}

describe("the evaluation of the RBM that is the Ising model", () => {
  const model = isingModel(torus(4, 4), 0.35);

  it("finds no divergence, F − F_λ = 2n(ln 2 + K), and the model's own thermodynamics and correlations", async () => {
    const {
      freeEnergies: f,
      observables,
      correlations,
      splitRhat,
    } = await evaluated(toSingle(bondRbm(model)), model);
    // D is the same for every configuration, but for rounding of the weights to single precision.
    const gap = 2 * 16 * (Math.log(2) + 0.35);
    for (const { value, error } of [f!.meanDData, f!.meanDModel]) {
      expect(error).toBeLessThan(1e-5);
      expect(value).toBeCloseTo(gap, 4);
    }
    expect(score(f!.gap, gap, 1e-4)).toBeLessThan(4);
    expect(score(f!.klPerSpin, 0, 1e-5)).toBeLessThan(4);
    expect(score(f!.reverseKlPerSpin, 0, 1e-5)).toBeLessThan(4);
    const exact = exactReference(model);
    const names = { energy: "energyPerSite", xi: "correlationLength" } as const;
    for (const observable of observables!) {
      const name = observable.name in names ? names[observable.name as keyof typeof names] : observable.name;
      expect(score(observable, exact[name as keyof typeof exact]!)).toBeLessThan(4);
    }
    const g = exactCorrelations(model)!;
    correlations!.values.forEach((value, r) => {
      const expected = (g[r] + g[4 * r]) / 2;
      expect(score({ value, error: correlations!.errors[r] }, expected, 1e-9)).toBeLessThan(4.5);
    });
    expect(splitRhat).toBeLessThan(1.01);
  });
});

describe("the evaluation of another RBM", () => {
  it.each(["spin", "binary"] as const)("is that of enumeration, %s units", async (units) => {
    const model = isingModel(torus(3, 3), 0.3);
    const rbm = randomRbm(units, 9, 5, "other");
    const { freeEnergies: f, logPartitions } = await evaluated(toSingle(rbm), model);
    const hamiltonians = visibleHamiltonians(toSingle(rbm), kernels);
    const { logPartition, probabilities } = visibleDistribution(hamiltonians, kernels);
    const target = exactReference(model).logPartition!;
    let [kl, reverse, inData, inModel] = [0, 0, 0, 0];
    probabilities.forEach((q, state) => {
      const h = isingHamiltonian(model, Int8Array.from(unitValues("spin", state, 9)));
      const p = Math.exp(-h - target);
      kl += p * Math.log(p / q);
      reverse += q * Math.log(q / p);
      inData += p * (h - hamiltonians[state]);
      inModel += q * (h - hamiltonians[state]);
    });
    expect(f!.gap.value).toBeCloseTo(logPartition - target, 5);
    // all states are summed over
    for (const [found, expected] of [
      [f!.meanDData, inData],
      [f!.meanDModel, inModel],
      [f!.klPerSpin, kl / 9],
      [f!.reverseKlPerSpin, reverse / 9],
    ] as const) {
      expect(found.error).toBe(0);
      expect(found.value).toBeCloseTo(expected, 9);
    }
    expect(f!.lowerBound.value).toBeLessThan(-target);
    expect(f!.upperBound.value).toBeGreaterThan(-target);
    expect(logPartitions.map(({ estimator }) => estimator)).toEqual([
      "exact",
      "ais",
      "reverse-ais",
      "bennett",
    ]);
  });
});

describe("the evaluation of a layer whose states are too many to be summed over", () => {
  it("is that of enumeration within its errors", async () => {
    const model = isingModel(chain(21), 0.3);
    const layer = toSingle(randomRbm("spin", 21, 3, "many", 0.3));
    const { freeEnergies: f, stuck } = await evaluated(layer, model, 2000);
    const hamiltonians = visibleHamiltonians(layer, kernels);
    const { logPartition, probabilities } = visibleDistribution(hamiltonians, kernels);
    const states = bitMatrix(2 ** 21, 21);
    for (let state = 0; state < states.rows; state++) states.words[state] = state;
    const energies = isingHamiltonians(model, states);
    const target = exactReference(model).logPartition!;
    let [inData, inModel] = [0, 0];
    probabilities.forEach((q, state) => {
      const mismatch = energies[state] - hamiltonians[state];
      inData += Math.exp(-energies[state] - target) * mismatch;
      inModel += q * mismatch;
    });
    const gap = logPartition - target;
    for (const [found, expected] of [
      [f!.meanDData, inData],
      [f!.meanDModel, inModel],
      [f!.klPerSpin, (gap - inData) / 21],
      [f!.reverseKlPerSpin, (inModel - gap) / 21],
    ] as const) {
      expect(found.error).toBeGreaterThan(0);
      expect(found.error).toBeLessThan(0.1);
      expect(score(found, expected)).toBeLessThan(4);
    }
    expect(stuck).toBe(0);
  });
});

describe("chains that do not move", () => {
  it("are told from those that move once", () => {
    const rows = bitMatrix(9, 40);
    expect(stuckChains(rows, 3)).toBe(3);
    rows.words[2 * (2 * 3 + 1) + 1] = 1;
    expect(stuckChains(rows, 3)).toBe(2);
    rows.words[2 * (3 + 1) + 1] = 1;
    expect(stuckChains(rows, 3)).toBe(2);
    rows.words.fill(7);
    expect(stuckChains(rows, 3)).toBe(3);
  });
});

describe("the correlation length", () => {
  const xiOf = (model: IsingModel, configurations: BitMatrix, chains: number) => {
    const measurements = measure(model, configurations, chains);
    return {
      ...measurements,
      xi: estimateObservables(model, measurements).find(({ name }) => name === "xi")!,
    };
  };

  it("is that of the fluctuations in a field", async () => {
    const model = isingModel(torus(12, 12), 0.35, 0.05);
    const options = { ...sampling, samples: 10_000 };
    const { configurations } = await sampleIsing(model, options, seedKey("field"), kernels);
    const { xi, structureFactors } = xiOf(model, configurations, sampling.chains);
    const atZero = exactReference(model).susceptibility! / 144;
    const lengths = structureFactors.map((series) => {
      const mean = series.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b), 0) / 10_000;
      return Math.sqrt(atZero / mean - 1) / (2 * Math.sin(Math.PI / 12));
    });
    expect(xi.value).toBeLessThan(2.5);
    expect(score(xi, (lengths[0] + lengths[1]) / 2)).toBeLessThan(4);
  });

  it("does not exist where nothing fluctuates", () => {
    const rows = bitMatrix(40, 16);
    for (let row = 0; row < 40; row += 2) rows.words[row] = 0xffff;
    const { xi } = xiOf(isingModel(torus(4, 4), 2), rows, 10);
    expect([xi.value, xi.error]).toEqual([NaN, NaN]);
  });
});

describe("chains of a model", () => {
  it("are the same whatever is asked of them later, and refuse counts that are none", async () => {
    const layer = toSingle(randomRbm("spin", 6, 4, "chains"));
    const start = bitMatrix(3, 6);
    const length = { rounds: 4, spacing: 2, thermalization: 3 };
    const rows = await runModelChains(layer, start, length, seedKey("c"), kernels);
    const fewer = await runModelChains(layer, start, { ...length, rounds: 2 }, seedKey("c"), kernels);
    expect(rows.rows).toBe(12);
    expect(rows.words.slice(0, fewer.words.length)).toEqual(fewer.words);
    for (const wrong of [{ rounds: 0 }, { spacing: 0 }, { thermalization: -1 }, { rounds: 1.5 }]) {
      await expect(
        runModelChains(layer, start, { ...length, ...wrong }, seedKey("c"), kernels),
      ).rejects.toThrow(/expected whole numbers/);
    }
  });

  it("have a correlation function averaged over the axes that are long enough", () => {
    const rows = bitMatrix(1, 8);
    rows.words[0] = 0b00001111;
    expect([...correlationFunction(rows, [2, 4], null).values]).toEqual([1, -1 / 2 + 1 / 2, 1]);
  });

  it("have errors of it from chain to chain, however slow these are", () => {
    const scores = Array.from({ length: 40 }, (_, trial) => {
      // 32 chains that stay for ever where they have begun, in all 16 states of a ring of 4 alike
      const rows = bitMatrix(32 * 20, 4);
      const stream = new RandomStream(seedKey(`frozen ${trial}`));
      for (let row = 0; row < rows.rows; row++) {
        rows.words[row] = row < 32 ? stream.nextInteger(16) : rows.words[row - 32];
      }
      const { values, errors } = correlationFunction(rows, [4], 32);
      return (values[1] / errors[1]) ** 2;
    });
    const mean = scores.reduce((a, b) => a + b) / scores.length;
    expect(mean).toBeGreaterThan(0.5);
    expect(mean).toBeLessThan(1.8);
  });
});
