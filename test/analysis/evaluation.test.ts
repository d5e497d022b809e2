import { describe, expect, it } from "vitest";
import { correlationFunction, evaluateLayer } from "../../src/analysis/evaluation/index.js";
import { exactCorrelations, exactReference } from "../../src/ising/exact/index.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel, type IsingModel } from "../../src/ising/model.js";
import { sampleIsing } from "../../src/ising/sample.js";
import { bitMatrix, type LayerArrays } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { bondRbm } from "../../src/rbm/bond-rbm.js";
import { visibleDistribution, visibleHamiltonians } from "../../src/rbm/ensemble.js";
import { runModelChains } from "../../src/rbm/model-chains.js";
import { isingHamiltonian } from "../../src/ising/hamiltonian.js";
import { kernels } from "../physics/kernels.js";
import { randomRbm, toSingle, unitValues } from "../rbm/oracle.js";

const sampling = { chains: 50, thermalization: 100, spacing: 4, start: "auto", algorithm: "auto" } as const;

async function evaluated(layer: LayerArrays, model: IsingModel, samples = 4000) {
  const { configurations } = await sampleIsing(model, { ...sampling, samples }, seedKey("data"), kernels);
  const { logPartition } = exactReference(model);
  return evaluateLayer({
    layer,
    data: configurations,
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
    expect(score(f!.meanDData, inData)).toBeLessThan(4);
    expect(score(f!.meanDModel, inModel)).toBeLessThan(4);
    expect(score(f!.klPerSpin, kl / 9)).toBeLessThan(4);
    expect(score(f!.reverseKlPerSpin, reverse / 9)).toBeLessThan(4);
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
    expect([...correlationFunction(rows, [2, 4]).values]).toEqual([1, -1 / 2 + 1 / 2, 1]);
  });
});
