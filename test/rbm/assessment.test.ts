import { describe, expect, it } from "vitest";
import { boltzmannDistribution, enumerateIsing } from "../../src/ising/exact/index.js";
import { isingHamiltonian } from "../../src/ising/hamiltonian.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel, type IsingModel } from "../../src/ising/model.js";
import { type BitMatrix, bitMatrix, referenceKernels } from "../../src/kernels/index.js";
import { type Assessment, assess, assessmentTarget } from "../../src/rbm/assessment.js";
import { visibleDistribution, visibleHamiltonians } from "../../src/rbm/ensemble.js";
import { exactLogPartition } from "../../src/rbm/log-partition/exact.js";
import { type Rbm, zeroRbm } from "../../src/rbm/parameters.js";
import {
  enumerateJoint,
  jointAverages,
  randomRbm,
  toSingle,
  tracedHamiltonian,
  unitTypes,
  unitValues,
} from "./oracle.js";
import { implementations } from "./training.js";

const STATES = 512;
const spinsOf = (state: number): Int8Array => Int8Array.from(unitValues("spin", state, 9));

/** All states of n units once each. */
function everyState(units: number): BitMatrix {
  const rows = bitMatrix(2 ** units, units);
  rows.words.forEach((_, state) => (rows.words[state] = state));
  return rows;
}

function targetOf(model: IsingModel, rows = everyState(9)) {
  return assessmentTarget(model, enumerateIsing(model).logPartition, boltzmannDistribution(model), rows);
}

/** The assessed quantities by sums over the states, from H, H_λ and the two partition functions. */
function oracle(layer: Rbm, model: IsingModel) {
  const h = Float64Array.from({ length: STATES }, (_, state) => isingHamiltonian(model, spinsOf(state)));
  const effective = h.map((_, state) => tracedHamiltonian(layer, state));
  const z = h.reduce((sum, x) => sum + Math.exp(-x), 0);
  const zModel = effective.reduce((sum, x) => sum + Math.exp(-x), 0);
  const [p, q] = [h.map((x) => Math.exp(-x) / z), effective.map((x) => Math.exp(-x) / zModel)];
  const average = (weights: Float64Array, f: (state: number) => number): number =>
    weights.reduce((sum, weight, state) => sum + weight * f(state), 0);
  const difference = (state: number): number => h[state] - effective[state];
  const logRatio = (state: number): number => Math.log(p[state] / q[state]);
  const positive = (state: number): number => {
    const total = spinsOf(state).reduce((sum, s) => sum + s, 0);
    return total > 0 ? 1 : total === 0 ? 0.5 : 0;
  };
  return {
    p,
    q,
    freeEnergy: -Math.log(z),
    freeEnergyModel: -Math.log(zModel),
    kl: average(p, logRatio),
    reverseKl: -average(q, logRatio),
    meanDData: average(p, difference),
    meanDModel: average(q, difference),
    magnetization: average(q, (state) => {
      const v = unitValues(layer.units, state, 9);
      return v.reduce((sum, x) => sum + x, 0) / 9;
    }),
    positive: average(q, positive),
  };
}

const models = [
  ["K = 0.4", isingModel(torus(3, 3), 0.4)],
  ["K = 0.6, B = 0.25", isingModel(torus(3, 3), 0.6, 0.25)],
] as const;

describe.each(models)("the exact assessment of a 3 × 3 layer at %s", (_, model) => {
  for (const units of unitTypes) {
    for (const [hidden, deviation] of [
      [4, 0.5],
      [10, 0.1],
    ] as const) {
      const layer = toSingle(randomRbm(units, 9, hidden, `assess ${units}`, deviation));
      const found = assess(layer, targetOf(model), null, referenceKernels);
      const expected = oracle(layer, model);
      const gap = expected.freeEnergy - expected.freeEnergyModel;

      it(`F − F_λ = KL(P‖P_λ) + ⟨D⟩_P = −KL(P_λ‖P) + ⟨D⟩_λ for ${hidden} ${units} units`, () => {
        expect(Math.abs(expected.kl + expected.meanDData - gap)).toBeLessThan(1e-10);
        expect(Math.abs(-expected.reverseKl + expected.meanDModel - gap)).toBeLessThan(1e-10);
        expect(Math.abs(found.freeEnergyGap! - gap)).toBeLessThan(1e-10);
        expect(Math.abs(9 * found.klPerSpin! - expected.kl)).toBeLessThan(1e-10);
        expect(Math.abs(found.meanDData! - expected.meanDData)).toBeLessThan(1e-10);
        expect(Math.abs(found.meanDModel! - expected.meanDModel)).toBeLessThan(1e-10);
      });

      it(`bounds F from both sides: F_λ + ⟨D⟩_P ≤ F ≤ F_λ + ⟨D⟩_λ for ${hidden} ${units} units`, () => {
        expect(found.freeEnergyTarget!).toBeCloseTo(expected.freeEnergy, 11);
        expect(found.freeEnergyModel!).toBeCloseTo(expected.freeEnergyModel, 11);
        expect(found.logPartition!).toBeCloseTo(-expected.freeEnergyModel, 11);
        expect(found.freeEnergyModel! + found.meanDData!).toBeLessThan(found.freeEnergyTarget! - 1e-3);
        expect(found.freeEnergyModel! + found.meanDModel!).toBeGreaterThan(found.freeEnergyTarget! + 1e-3);
      });

      it(`has Burns's two residual norms and the signed magnetization for ${hidden} ${units} units`, () => {
        const data = jointAverages(layer, expected.p);
        const own = jointAverages(layer, expected.q);
        expect(found.conditionKl!).toBeCloseTo(Math.hypot(...data.map((x, k) => x - own[k])), 11);
        expect(found.conditionRg!).toBeCloseTo(Math.hypot(...own), 11);
        expect(found.magnetizationModel!).toBeCloseTo(expected.magnetization, 11);
        expect(found.positiveFraction!).toBeCloseTo(expected.positive, 11);
        expect(found.weightRms).toBeCloseTo(Math.hypot(...layer.weights) / Math.sqrt(9 * hidden), 12);
      });
    }
  }
});

describe("one hidden unit per bond with cosh 2w = e^{2K}", () => {
  const w = 0.5; // exact in single precision
  const coupling = Math.log(Math.cosh(2 * w)) / 2;
  const lattice = torus(3, 3);
  const layer = zeroRbm("spin", 9, 18);
  let bond = 0;
  for (let site = 0; site < 9; site++) {
    for (const d of [0, 2]) {
      layer.weights[site * 18 + bond] = w;
      layer.weights[lattice.neighbors[site * 4 + d] * 18 + bond] = w;
      bond++;
    }
  }
  const model = isingModel(lattice, coupling);
  const gap = 2 * 9 * (Math.LN2 + coupling);

  it("is the Ising model exactly (KL = 0), and yet F − F_λ = 2n(ln 2 + K)", () => {
    const { probabilities, logPartition } = visibleDistribution(
      visibleHamiltonians(layer, referenceKernels),
      referenceKernels,
    );
    boltzmannDistribution(model).forEach((p, state) => {
      expect(Math.abs(probabilities[state] / p - 1)).toBeLessThan(1e-12);
    });
    expect(exactLogPartition(layer, referenceKernels)).toBeCloseTo(logPartition, 11);
    expect(exactLogPartition(layer, referenceKernels) - enumerateIsing(model).logPartition).toBeCloseTo(
      gap,
      11,
    );
  });

  it("is assessed so: every D is the same constant, KL and its gradient vanish, ‖⟨∇H_λ⟩_λ‖ does not", () => {
    const found = assess(layer, targetOf(model), null, referenceKernels);
    expect(found.freeEnergyGap!).toBeCloseTo(gap, 11);
    expect(found.meanDData!).toBeCloseTo(gap, 11);
    expect(found.meanDModel!).toBeCloseTo(gap, 11);
    expect(Math.abs(found.klPerSpin!)).toBeLessThan(1e-13);
    expect(found.conditionKl!).toBeLessThan(1e-12);
    expect(found.conditionRg!).toBeGreaterThan(1);
    expect(found.magnetizationModel!).toBeCloseTo(0, 13);
    expect(found.positiveFraction!).toBeCloseTo(0.5, 13);
  });
});

describe.each(implementations)("the assessment against samples by the $name kernels", (kernels) => {
  it("equals the exact one if the samples are the distribution: every state once at K = 0", () => {
    const model = isingModel(torus(3, 3), 0);
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 9, 4, "samples", 0.3));
      const exact = assess(layer, targetOf(model), null, kernels);
      const target = assessmentTarget(model, 9 * Math.LN2, null, everyState(9));
      const sampled = assess(layer, target, null, kernels);
      for (const name of ["logPartition", "freeEnergyModel", "freeEnergyGap", "conditionRg"] as const) {
        expect(sampled[name]!).toBeCloseTo(exact[name]!, 10);
      }
      // H_λ of the batch kernel rests on inputs in single precision
      expect(sampled.meanDData!).toBeCloseTo(exact.meanDData!, 6);
      expect(sampled.klPerSpin!).toBeCloseTo(exact.klPerSpin!, 6);
      expect(sampled.meanDModel).toBeNull();
      expect(sampled.conditionKl).toBeNull();
    }
  });

  it("knows ⟨D⟩_P but no KL when ln Z of the target is unknown, and no D at all without a target", () => {
    const model = isingModel(torus(3, 3), 0.3);
    const layer = toSingle(randomRbm("spin", 9, 4, "unknown", 0.3));
    const open = assess(layer, assessmentTarget(model, null, null, everyState(9)), null, kernels);
    expect([open.klPerSpin, open.freeEnergyGap, open.freeEnergyTarget]).toEqual([null, null, null]);
    const uniform = new Float64Array(STATES).fill(1 / STATES);
    const mean = uniform.reduce(
      (sum, p, state) =>
        sum + p * (isingHamiltonian(model, spinsOf(state)) - tracedHamiltonian(layer, state)),
      0,
    );
    expect(open.meanDData!).toBeCloseTo(mean, 6);
    const alone = assess(layer, null, null, kernels);
    expect(alone.logPartition!).toBeCloseTo(enumerateJoint(layer).logPartition, 11);
    expect([alone.meanDData, alone.klPerSpin, alone.freeEnergyTarget]).toEqual([null, null, null]);
  });
});

describe("the assessment without a target", () => {
  it("leaves open what would take too long", () => {
    const layer = zeroRbm("spin", 40, 30);
    layer.weights.fill(0.25);
    const { weightRms, ...rest } = assess(layer, null, null, referenceKernels);
    expect(weightRms).toBe(0.25);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });

  it("takes magnetization and P(m > 0) from the model samples, ties as one half", () => {
    const samples = bitMatrix(4, 40);
    samples.words.set([0xffffffff, 0xff, 0xffffffff, 0, 0xfffff, 0, 0, 0]); // 40, 32, 20 and 0 up
    const [spin, binary] = unitTypes.map((units): Assessment =>
      assess(zeroRbm(units, 40, 30), null, samples, referenceKernels),
    );
    expect(binary.magnetizationModel!).toBeCloseTo(92 / 160, 14);
    expect(spin.magnetizationModel!).toBeCloseTo((2 * 92) / 160 - 1, 14);
    expect([spin.positiveFraction, binary.positiveFraction]).toEqual([2.5 / 4, 2.5 / 4]);
  });
});

describe("a target at so low a temperature that most probabilities underflow to 0", () => {
  it("has finite divergences on both sides", () => {
    const model = isingModel(torus(3, 3), 100);
    const distribution = boltzmannDistribution(model);
    expect(distribution.filter((p) => p === 0).length).toBeGreaterThan(500);
    const layer = zeroRbm("spin", 9, 2);
    const target = assessmentTarget(model, enumerateIsing(model).logPartition, distribution, everyState(9));
    const { klPerSpin, meanDModel } = assess(layer, target, null, referenceKernels);
    expect(9 * klPerSpin!).toBeCloseTo(8 * Math.LN2, 10);
    // ⟨H⟩ over the uniform distribution is 0, and H_λ = −2 ln 2.
    expect(meanDModel!).toBeCloseTo(2 * Math.LN2, 8);
  });
});
