import { describe, expect, it } from "vitest";
import { variationalTransformation } from "../../../src/analysis/exact-decimation.js";
import {
  exactTraceCondition,
  sampledTraceCondition,
  traceMismatches,
} from "../../../src/analysis/variational-rg/index.js";
import { boltzmannDistribution, enumerateIsing } from "../../../src/ising/exact/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { bitMatrix, referenceKernels } from "../../../src/kernels/index.js";
import { exactLogPartition } from "../../../src/rbm/log-partition/exact.js";
import { randomRbm, single } from "../couplings/random-rbm.js";

const model = isingModel(torus(3, 3), 0.35, 0.1);
const rbm = single(randomRbm(9, 4, 0.5));
const states = bitMatrix(512, 9);
states.words.forEach((_, state) => (states.words[state] = state));
const spins = (state: number, count: number): Int8Array =>
  Int8Array.from({ length: count }, (_, i) => ((state >>> i) & 1 ? 1 : -1));

describe("the trace condition", () => {
  const mismatches = traceMismatches(model, rbm, states, referenceKernels);

  it("is Tr_h e^{T(v, h)} = e^{D(v)}, T = H − E, for every v", () => {
    for (let state = 0; state < 512; state += 7) {
      let trace = 0;
      for (let h = 0; h < 16; h++) {
        trace += Math.exp(variationalTransformation(model, rbm, spins(state, 9), spins(h, 4)));
      }
      expect(Math.log(trace)).toBeCloseTo(mismatches[state], 5); // the kernels' inputs are in single precision
    }
  });

  it("has F − F_λ = ln⟨e^D⟩ over all states, and the moments of D", () => {
    const probabilities = boltzmannDistribution(model);
    const trace = exactTraceCondition(mismatches, probabilities);
    const gap = exactLogPartition(rbm, referenceKernels) - enumerateIsing(model).logPartition;
    expect(trace.logMeanExponential).toBeCloseTo(gap, 5);
    const mean = mismatches.reduce((sum, d, v) => sum + probabilities[v] * d, 0);
    const square = mismatches.reduce((sum, d, v) => sum + probabilities[v] * d * d, 0);
    expect(trace.mean).toBeCloseTo(mean, 12);
    expect(trace.variance).toBeCloseTo(square - mean * mean, 10);
    expect([trace.minimum, trace.maximum]).toEqual([Math.min(...mismatches), Math.max(...mismatches)]);
    expect([trace.states, trace.meanError]).toEqual([512, 0]);
  });

  it("is estimated from samples, with an error of the mean", () => {
    const values = Float64Array.from({ length: 400 }, (_, k) => (k % 4) + 1);
    const trace = sampledTraceCondition(values, 400);
    expect(trace).toMatchObject({ states: 400, mean: 2.5, minimum: 1, maximum: 4 });
    expect(trace.variance).toBeCloseTo((1.25 * 400) / 399, 12);
    expect(trace.meanError).toBeLessThan(0.1);
    const exponential = [1, 2, 3, 4].reduce((sum, x) => sum + Math.exp(x) / 4, 0);
    expect(trace.logMeanExponential).toBeCloseTo(Math.log(exponential), 12);
    expect(() => sampledTraceCondition(values.subarray(0, 1), null)).toThrow(/1 configuration\(s\)/);
  });
});
