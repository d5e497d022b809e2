import { describe, expect, it } from "vitest";
import { boltzmannDistribution, enumerateIsing } from "../../src/ising/exact/index.js";
import { isingHamiltonian } from "../../src/ising/hamiltonian.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel, type IsingModel } from "../../src/ising/model.js";
import { type BitMatrix, bitMatrix, referenceKernels } from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { assessByAverages } from "../../src/rbm/assessment-averages.js";
import { type Assessment, assess, assessmentTarget } from "../../src/rbm/assessment.js";
import { visibleDistribution, visibleHamiltonians } from "../../src/rbm/ensemble.js";
import { exactMagnetization } from "../../src/rbm/exact-magnetization.js";
import { exactLogPartition } from "../../src/rbm/log-partition/exact.js";
import { type Rbm, zeroRbm } from "../../src/rbm/parameters.js";
import {
  drawStates,
  enumerateJoint,
  flat,
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
  const meanD = average(p, difference);
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
    meanDData: meanD,
    varianceDData: average(p, (state) => (difference(state) - meanD) ** 2),
    logMeanOfExpD: Math.log(average(p, (state) => Math.exp(difference(state)))),
    logMeanOfExpMinusD: Math.log(average(q, (state) => Math.exp(-difference(state)))),
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
        expect(Math.abs(found.varianceDData! - expected.varianceDData)).toBeLessThan(1e-10);
        expect(found.varianceDData!).toBeGreaterThan(0.01);
      });

      it(`F_λ − F = −ln⟨e^D⟩_P = ln⟨e^{−D}⟩_λ for ${hidden} ${units} units`, () => {
        expect(Math.abs(gap - expected.logMeanOfExpD)).toBeLessThan(1e-10);
        expect(Math.abs(gap + expected.logMeanOfExpMinusD)).toBeLessThan(1e-10);
      });

      it(`bounds F from both sides: F_λ + ⟨D⟩_P ≤ F ≤ F_λ + ⟨D⟩_λ for ${hidden} ${units} units`, () => {
        expect(found.freeEnergyTarget!).toBeCloseTo(expected.freeEnergy, 11);
        expect(found.freeEnergyModel!).toBeCloseTo(expected.freeEnergyModel, 11);
        expect(found.logPartition!).toBeCloseTo(-expected.freeEnergyModel, 11);
        expect(found.freeEnergyModel! + found.meanDData!).toBeLessThan(found.freeEnergyTarget! - 1e-3);
        expect(found.freeEnergyModel! + found.meanDModel!).toBeGreaterThan(found.freeEnergyTarget! + 1e-3);
        expect(found.freeEnergyLower!).toBeCloseTo(found.freeEnergyModel! + found.meanDData!, 11);
        expect(found.freeEnergyUpper!).toBeCloseTo(found.freeEnergyModel! + found.meanDModel!, 11);
        for (const [name, value] of Object.entries(found)) {
          if (/(Error|Noise)$/.test(name)) expect(value, name).toBe(0);
        }
        expect(found.logPartitionReliable).toBe(1);
      });

      it(`has Burns's two residual norms and the signed magnetization for ${hidden} ${units} units`, () => {
        const data = jointAverages(layer, expected.p);
        const own = jointAverages(layer, expected.q);
        expect(found.conditionKl!).toBeCloseTo(Math.hypot(...data.map((x, k) => x - own[k])), 11);
        expect(found.conditionRg!).toBeCloseTo(Math.hypot(...own), 11);
        const weights = 9 * hidden;
        const rest = assess(layer, targetOf(model), null, referenceKernels, { biases: false });
        const slope = data.slice(0, weights).map((x, k) => x - own[k]);
        expect(rest.conditionKl!).toBeCloseTo(Math.hypot(...slope), 11);
        expect(rest.conditionRg!).toBeCloseTo(Math.hypot(...own.slice(0, weights)), 11);
        expect(found.squaredNorm).toBeCloseTo(Math.hypot(...flat(layer)) ** 2, 9);
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
      expect(sampled.conditionKl!).toBeCloseTo(exact.conditionKl!, 6);
      expect(sampled.varianceDData! * (511 / 512)).toBeCloseTo(exact.varianceDData!, 5);
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

describe.each(implementations)("the assessment by averages alone by the $name kernels", (kernels) => {
  const model = isingModel(torus(3, 3), 0.3);
  const rows = bitMatrix(20_000, 9);
  drawStates(boltzmannDistribution(model), rows, seedKey("data rows"));
  const logPartition = enumerateIsing(model).logPartition;
  const own = { value: 12.25, error: 0.03, doubt: null };

  /** Chains that stay where they are with probability 0.9 and else jump anywhere: τ = 9.5. */
  const lazyChains = (chains: number, rounds: number, seed: string): BitMatrix => {
    const lazy = bitMatrix(chains * rounds, 9);
    drawStates(boltzmannDistribution(model), lazy, seedKey(seed));
    const stream = new RandomStream(seedKey(`${seed} moves`));
    for (let row = chains; row < lazy.rows; row++) {
      if (stream.nextUniform() < 0.9) lazy.words[row] = lazy.words[row - chains];
    }
    return lazy;
  };

  /** ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ by enumeration. */
  const trueCondition = (layer: Rbm): number => {
    const { p, q } = oracle(layer, model);
    const [data, mine] = [jointAverages(layer, p), jointAverages(layer, q)];
    return Math.hypot(...data.map((x, k) => x - mine[k]));
  };

  it("agrees with the exact one within its errors, for data and model sampled independently", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 9, 4, `averages ${units}`, 0.4));
      const exact = assess(layer, targetOf(model), null, kernels);
      const samples = bitMatrix(5000, 9);
      drawStates(oracle(layer, model).q, samples, seedKey(`model rows ${units}`));
      const target = assessmentTarget(model, logPartition, null, rows, 0.04);
      const source = { target, rows, modelSamples: samples, enumerable: false, biases: true };
      const logPartitionEstimate = { ...own, value: exact.logPartition! + 0.02 };
      const found = assessByAverages(layer, { ...source, logPartition: logPartitionEstimate }, kernels);
      expect(found.logPartitionError).toBe(0.03);
      expect(found.freeEnergyGapError!).toBeCloseTo(0.05, 12);
      const within = (name: "meanDData" | "meanDModel" | "klPerSpin" | "freeEnergyGap"): void => {
        const error = found[`${name}Error`]!;
        expect(error, name).toBeGreaterThan(0);
        expect(error, name).toBeLessThan(0.1);
        expect(Math.abs(found[name]! - exact[name]!) / error, name).toBeLessThan(4);
      };
      for (const name of ["meanDData", "meanDModel", "klPerSpin", "freeEnergyGap"] as const) within(name);
      expect(found.varianceDData! / exact.varianceDData!).toBeCloseTo(1, 1);
      expect(found.freeEnergyLower! - exact.freeEnergyLower!).toBeCloseTo(
        -0.02 + found.meanDData! - exact.meanDData!,
        9,
      );
      expect(found.freeEnergyUpper! - exact.freeEnergyUpper!).toBeCloseTo(
        -0.02 + found.meanDModel! - exact.meanDModel!,
        9,
      );
      for (const name of ["conditionKl", "conditionRg"] as const) {
        const noise = found[`${name}Noise`]!;
        expect(noise, name).toBeLessThan(0.3);
        expect(found[name]!, name).toBeLessThan(exact[name]! + 2 * noise);
        expect(found[name]!, name).toBeGreaterThan(exact[name]! - 2 * noise);
      }
    }
  });

  it("has residuals at their noise floor where the true ones are zero: data and samples of the model itself", () => {
    const layer = toSingle(randomRbm("spin", 9, 4, "floor", 0.4));
    const { q } = oracle(layer, model);
    let [squares, floors] = [0, 0];
    for (let trial = 0; trial < 100; trial++) {
      const [own, other] = [bitMatrix(300, 9), bitMatrix(150, 9)];
      drawStates(q, own, seedKey(`floor data ${trial}`));
      drawStates(q, other, seedKey(`floor model ${trial}`));
      const source = {
        target: null,
        rows: own,
        modelSamples: other,
        enumerable: false,
        biases: trial % 2 === 0,
      };
      const { conditionKl, conditionKlNoise } = assessByAverages(layer, source, kernels);
      squares += conditionKl! ** 2;
      floors += conditionKlNoise! ** 2;
    }
    // 49 components, of which perhaps 10 are independent: each ratio spreads by √(2/10), the mean of 100 by 0.045
    expect(squares / floors).toBeGreaterThan(0.85);
    expect(squares / floors).toBeLessThan(1.15);
  });

  it("has errors and noise floors that count the correlations inside the chains of the data", () => {
    const layer = toSingle(randomRbm("spin", 9, 4, "correlated", 0.4));
    const { meanDData } = oracle(layer, model);
    const squares = { aware: 0, unaware: 0, condition: 0, floor: 0 };
    const trials = 60;
    for (let trial = 0; trial < trials; trial++) {
      const lazy = lazyChains(32, 50, `lazy ${trial}`);
      const target = assessmentTarget(model, logPartition, null, lazy);
      const source = { target, rows: lazy, modelSamples: null, enumerable: true, biases: true };
      const aware = assessByAverages(layer, { ...source, chains: 32 }, kernels);
      const unaware = assessByAverages(layer, source, kernels);
      expect(aware.meanDData).toBe(unaware.meanDData);
      expect(aware.klPerSpinError).toBe(aware.meanDDataError! / 9);
      squares.aware += ((aware.meanDData! - meanDData) / aware.meanDDataError!) ** 2 / trials;
      squares.unaware += ((unaware.meanDData! - meanDData) / unaware.meanDDataError!) ** 2 / trials;
      squares.condition += (aware.conditionKl! ** 2 - trueCondition(layer) ** 2) / trials;
      squares.floor += aware.conditionKlNoise! ** 2 / trials;
    }
    // 60 scores of Student's t with 31 degrees know their mean square to 0.19
    expect(squares.aware).toBeGreaterThan(0.5);
    expect(squares.aware).toBeLessThan(1.7);
    expect(squares.unaware).toBeGreaterThan(8);
    expect(squares.condition / squares.floor).toBeGreaterThan(0.6);
    expect(squares.condition / squares.floor).toBeLessThan(1.5);
  });

  it("knows the gap, and no D, of data whose ln Z is known but not the Hamiltonian", () => {
    const layer = toSingle(randomRbm("spin", 9, 4, "imported"));
    const target = assessmentTarget(null, logPartition, null, rows, 0.5);
    const found = assess(layer, target, null, kernels);
    expect(found.freeEnergyGap!).toBeCloseTo(enumerateJoint(layer).logPartition - logPartition, 9);
    expect(found.freeEnergyGapError).toBe(0.5);
    expect(found.freeEnergyTargetError).toBe(0.5);
    expect([found.meanDData, found.klPerSpin, found.freeEnergyLower]).toEqual([null, null, null]);
  });

  it("passes over D where neither ln Z_λ nor the objective makes it worth the time", () => {
    const layer = toSingle(randomRbm("spin", 9, 4, "time"));
    const target = assessmentTarget(model, logPartition, null, rows);
    const source = { target, rows, modelSamples: null, enumerable: false, biases: true };
    expect(assessByAverages(layer, source, kernels).meanDData).toBeNull();
    const wanted = assessByAverages(layer, { ...source, mismatch: true }, kernels);
    expect(wanted.varianceDData!).toBeGreaterThan(0);
    expect(wanted.klPerSpin).toBeUndefined();
  });
});

describe("ln Z_λ near λ = 0", () => {
  it("is (n + m) ln 2 + ½‖λ‖² for ±1 units, and never below (n + m) ln 2", () => {
    for (const [visible, hidden] of [
      [6, 3],
      [4, 6],
    ]) {
      for (const deviation of [0.003, 0.01]) {
        const layer = toSingle(randomRbm("spin", visible, hidden, `small ${hidden}`, deviation));
        const { logPartition, squaredNorm } = assess(layer, null, null, referenceKernels);
        const excess = logPartition! - (visible + hidden) * Math.LN2;
        expect(Math.abs(excess / (squaredNorm / 2) - 1)).toBeLessThan(10 * squaredNorm + 1e-10);
      }
      for (const deviation of [0.1, 1, 5]) {
        const { logPartition } = enumerateJoint(randomRbm("spin", visible, hidden, deviation, deviation));
        expect(logPartition).toBeGreaterThan((visible + hidden) * Math.LN2);
      }
    }
  });
});

describe("the assessment without a target", () => {
  it("leaves open what would take too long", () => {
    const layer = zeroRbm("spin", 40, 30);
    layer.weights.fill(0.25);
    const { weightRms, squaredNorm, ...rest } = assess(layer, null, null, referenceKernels);
    expect(weightRms).toBe(0.25);
    expect(squaredNorm).toBe(75);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });

  it("takes magnetization and P(m > 0) of a small layer from its states, whatever its samples are", () => {
    const model = isingModel(torus(6, 6), 0.3);
    const rows = bitMatrix(10, 36);
    const target = assessmentTarget(model, null, null, rows);
    const layer = toSingle(randomRbm("spin", 36, 5, "states", 0.3));
    const samples = bitMatrix(7, 36);
    const found = assess(layer, target, samples, referenceKernels);
    const exact = exactMagnetization(layer, referenceKernels)!;
    expect(found.magnetizationModel).toBe(exact.magnetizationModel);
    expect(found.positiveFraction).toBe(exact.positiveFraction);
    expect(assess(layer, target, null, referenceKernels).magnetizationModel).toBe(exact.magnetizationModel);
    // of an upper layer the chains of its training are told of, if there are any
    expect(assess(layer, null, samples, referenceKernels).magnetizationModel).toBe(-1);
    expect(assess(layer, null, null, referenceKernels).magnetizationModel).toBe(exact.magnetizationModel);
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
