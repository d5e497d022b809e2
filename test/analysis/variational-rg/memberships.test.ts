import { describe, expect, it } from "vitest";
import {
  type Measures,
  memberships,
  measureTransformation,
  overfittingBias,
  rbmTransformation,
  vennExamples,
} from "../../../src/analysis/variational-rg/index.js";
import { boltzmannDistribution, exactReference } from "../../../src/ising/exact/index.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { fillStandardNormal, seedKey } from "../../../src/random/index.js";
import { energy } from "../../../src/rbm/energy.js";
import { kernels } from "../../physics/kernels.js";
import { randomRbm } from "../couplings/random-rbm.js";

const COUPLING = 0.408;

describe("Liu's Venn diagram at K = 0.408", () => {
  const rows = vennExamples(COUPLING, kernels).map((each) => {
    const measures = measureTransformation(each);
    return { name: each.name, measures, sets: memberships(measures) };
  });
  const row = (name: string) => rows.find((each) => each.name === name)!;

  it("has every transformation where it belongs", () => {
    const table = rows.map(({ name, sets }) => [
      name,
      sets.rbmFit,
      sets.variationalRg,
      sets.exactRg,
      sets.good,
      sets.independent,
    ]);
    expect(table).toEqual([
      ["a hidden spin on each bond", true, false, true, true, false],
      ["decimation of a ring", true, false, true, true, false],
      ["decimation of a square lattice to one sublattice", true, false, true, true, false],
      ["bonds, and far pairs that cancel", true, false, true, false, false],
      ["h independent of v, any energy", true, true, true, true, true],
      ["h independent of v, W = 0", false, true, false, true, true],
      ["random weights, scaled to keep Z", false, true, false, null, false],
    ]);
  });

  it("has no divergence but F − F_λ = N(ln 2 + K) with a hidden spin on each bond", () => {
    const { measures } = row("a hidden spin on each bond");
    expect(Math.abs(measures.divergence!)).toBeLessThan(1e-12);
    expect(measures.gap).toBeCloseTo(10 * (Math.LN2 + COUPLING), 10);
    expect(measures.trace!.mean).toBeCloseTo(measures.gap!, 10);
    expect(measures.trace!.variance).toBeLessThan(1e-20);
  });

  it("has a divergence of all that correlates where h does not depend on v", () => {
    const { measures } = row("h independent of v, W = 0");
    // The visible spins of W = 0 are free: KL = n ln 2 − S(P).
    const exact = boltzmannDistribution(isingModel(torus(4, 4), COUPLING));
    const divergence = exact.reduce((sum, p) => sum + p * Math.log(p), 16 * Math.LN2);
    expect(measures.gap).toBeCloseTo(0, 10);
    expect(measures.information).toBeLessThan(1e-12);
    expect(measures.divergence).toBeCloseTo(divergence, 10);
    expect(measures.divergence! + measures.trace!.mean).toBeCloseTo(measures.gap!, 10);
  });

  it("leaves out what cannot keep the partition function", () => {
    expect(vennExamples(0.3, kernels)).toHaveLength(5);
  });
});

describe("rbmTransformation", () => {
  it("has the divergence, gap and mutual information of the joint distribution, summed over both layers", () => {
    const model = isingModel(chain(5), 0.5);
    for (const units of ["spin", "binary"] as const) {
      const rbm = randomRbm(5, 3, 0.8, units);
      const measures = measureTransformation(rbmTransformation("random", model, rbm, null, kernels));
      const state = (index: number, count: number): number[] =>
        Array.from({ length: count }, (_, i) => ((index >>> i) & 1 ? 1 : units === "spin" ? -1 : 0));
      const joint = Array.from({ length: 32 }, (_, v) =>
        Array.from({ length: 8 }, (__, h) => Math.exp(-energy(rbm, state(v, 5), state(h, 3)))),
      );
      const z = joint.flat().reduce((a, b) => a + b);
      const pv = joint.map((own) => own.reduce((a, b) => a + b) / z);
      const ph = Array.from({ length: 8 }, (_, h) => joint.reduce((sum, own) => sum + own[h], 0) / z);
      let information = 0;
      joint.forEach((own, v) => {
        own.forEach((weight, h) => (information += (weight / z) * Math.log(weight / z / (pv[v] * ph[h]))));
      });
      const exact = boltzmannDistribution(model);
      const divergence = exact.reduce((sum, p, v) => sum + p * Math.log(p / pv[v]), 0);
      expect(measures.information).toBeCloseTo(information / 3, 10);
      expect(measures.divergence).toBeCloseTo(divergence, 10);
      expect(measures.gap).toBeCloseTo(Math.log(z) - exactReference(model).logPartition!, 10);
      expect(measures.nearShare).toBeNull();
    }
  });
});

describe("memberships", () => {
  const nothing: Measures = {
    spins: 4,
    ...{ divergence: null, divergenceError: 0, overfitting: 0, gap: null, gapError: 0 },
    ...{ trace: null, information: null, nearShare: null, localized: null },
  };

  it("are not known where the measures are not", () => {
    expect(new Set(Object.values(memberships(nothing)))).toEqual(new Set([null]));
    expect(
      memberships({ ...nothing, divergence: 0.0039, gap: -0.0041, nearShare: 0.9, localized: 1 }),
    ).toMatchObject({ rbmFit: true, variationalRg: false, good: true });
  });

  it("hold within two standard deviations, and within what overfitting hides of the divergence", () => {
    const fit = (divergence: number, divergenceError: number, overfitting: number) =>
      memberships({ ...nothing, divergence, divergenceError, overfitting }).rbmFit;
    expect(fit(0.003, 0.0005, 0)).toBe(true);
    expect(fit(0.003, 0.0006, 0)).toBeNull();
    expect(fit(0.003, 0, 0.0011)).toBeNull();
    expect(fit(0, 0, 0.0041)).toBeNull();
    expect(fit(0.0051, 0.0005, 0)).toBe(false);
    expect(fit(0.0049, 0.0005, 0)).toBeNull();
    // Overfitting makes the divergence too small, never too large.
    expect(fit(0.0051, 0.0005, 1)).toBe(false);
    expect(fit(0.003, NaN, 0)).toBeNull();
    const gap = (value: number, gapError: number) =>
      memberships({ ...nothing, gap: value, gapError }).variationalRg;
    expect(gap(-0.003, 0.0005)).toBe(true);
    expect(gap(-0.0045, 0.0005)).toBeNull();
    expect(gap(-0.0051, 0.0005)).toBe(false);
  });

  it("of the trace condition follow the variance of D, whatever its mean and extremes", () => {
    const trace = (variance: number) => ({
      ...{ states: 9, mean: 12, meanError: 0, minimum: -5, maximum: 30, logMeanExponential: 12 },
      variance,
    });
    expect(memberships({ ...nothing, trace: trace(0.0079) }).exactRg).toBe(true);
    expect(memberships({ ...nothing, trace: trace(0.0081) }).exactRg).toBe(false);
  });

  it("of a short range need hidden spins that are somewhere", () => {
    const good = (nearShare: number, localized: number | null) =>
      memberships({ ...nothing, nearShare, localized }).good;
    expect(good(0.95, 0.5)).toBe(true);
    expect(good(0.5, 0.5)).toBe(false);
    expect(good(0.95, 0.49)).toBeNull();
    expect(good(0.5, 0.49)).toBeNull();
    expect(good(0.95, null)).toBeNull();
  });
});

describe("overfittingBias", () => {
  it("is what the divergence of a trained model from its data lacks of that from their source", () => {
    // 8 independent spins with fields, fitted exactly: sample and expected log-likelihoods are sums of binary entropies.
    const [spins, samples, repeats] = [8, 200, 400];
    const normal = new Float64Array(spins * samples * repeats);
    fillStandardNormal(seedKey("overfitting"), normal);
    const [quantile, p] = [-0.5244005127080407, 0.3];
    const entropy = (a: number, b: number): number =>
      a * Math.log(a / b) + (1 - a) * Math.log((1 - a) / (1 - b));
    const differences = Array.from({ length: repeats }, (_, repeat) => {
      let difference = 0;
      for (let spin = 0; spin < spins; spin++) {
        let up = 0;
        for (let k = 0; k < samples; k++)
          up += normal[(repeat * spins + spin) * samples + k] < quantile ? 1 : 0;
        const q = up / samples;
        const own = q * Math.log(p / q) + (1 - q) * Math.log((1 - p) / (1 - q));
        difference += entropy(p, q) - own;
      }
      return difference;
    });
    const mean = differences.reduce((a, b) => a + b) / repeats;
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (repeats - 1);
    const expected = overfittingBias(spins, samples);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / repeats));
    // Sharp enough to tell p/S from p/2S.
    expect(8 * Math.sqrt(variance / repeats)).toBeLessThan(expected / 2);
  });
});
