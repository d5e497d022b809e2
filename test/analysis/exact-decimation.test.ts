import { describe, expect, it } from "vitest";
import {
  decimatedCoupling,
  decimationResiduals,
  decimationStack,
  hiddenProbability,
  variationalTransformation,
} from "../../src/analysis/exact-decimation.js";
import { bondRbm, bondWeight } from "../../src/rbm/bond-rbm.js";
import { DomainError } from "../../src/errors/index.js";
import { boltzmannDistribution, exactRing, exactRingCorrelations } from "../../src/ising/exact/index.js";
import { chain } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { referenceKernels as kernels } from "../../src/kernels/index.js";
import { transposeRbm, visibleDistribution, visibleHamiltonians } from "../../src/rbm/ensemble.js";
import type { Rbm } from "../../src/rbm/parameters.js";

const spinsOf = (state: number, length: number): Int8Array =>
  Int8Array.from({ length }, (_, i) => ((state >> i) & 1 ? 1 : -1));

function logProbabilities(rbm: Rbm): { logs: number[]; logPartition: number } {
  const { probabilities, logPartition } = visibleDistribution(visibleHamiltonians(rbm, kernels), kernels);
  return { logs: Array.from(probabilities, Math.log), logPartition };
}

/** Σ_v over all states of the product of both layers by brute force: ln P(h) of an RBM, apart from a constant. */
function hiddenMarginal(rbm: Rbm): number[] {
  return logProbabilities(transposeRbm(rbm)).logs;
}

describe("the recursion", () => {
  it("is tanh K' = tanh² K, from K = 1: 0.6625013737, 0.3500611389, 0.1136720675", () => {
    const flow = [decimatedCoupling(1)];
    flow.push(decimatedCoupling(flow[0]));
    flow.push(decimatedCoupling(flow[1]));
    [0.6625013737, 0.3500611389, 0.1136720675].forEach((k, step) => {
      expect(flow[step]).toBeCloseTo(k, 10);
    });
    for (const k of [1e-8, 1e-3, 0.3, 0.999, 1, 1.001, 3, 9]) {
      expect(Math.abs(decimatedCoupling(k) / (0.5 * Math.log(Math.cosh(2 * k))) - 1)).toBeLessThan(
        k < 1e-2 ? 1 : 1e-14,
      );
      expect(Math.abs(decimatedCoupling(bondWeight(k)) / k - 1)).toBeLessThan(1e-12);
    }
    expect(decimatedCoupling(1e-8)).toBeCloseTo(1e-16, 30);
    expect(bondWeight(0)).toBe(0);
    expect(decimatedCoupling(400)).toBeCloseTo(400 - Math.LN2 / 2, 12);
  });
});

describe("decimation of a ring as a stack of RBMs", () => {
  it.each([0.2, 0.7, 1, 1.8])(
    "is exact layer by layer at K = %d: both marginals, ln Z and free energy to 1e-10",
    (coupling) => {
      const stack = decimationStack(16, coupling, 3);
      expect(stack.map(({ rbm }) => [rbm.visible, rbm.hidden])).toEqual([
        [16, 8],
        [8, 4],
        [4, 2],
      ]);
      let expected = coupling;
      for (const layer of stack) {
        expect(layer.coupling).toBeCloseTo(expected, 12);
        expected = Math.atanh(Math.tanh(expected) ** 2);
        expect(layer.decimated).toBeCloseTo(expected, 12);
        for (const residual of Object.values(decimationResiduals(layer, kernels))) {
          expect(residual).toBeLessThan(1e-10);
        }
      }
    },
  );

  it("has hidden spins with the decimated ring's correlations, which are every second of the visible ones", () => {
    const [{ rbm, coupling, decimated }] = decimationStack(12, 0.8, 1);
    const probabilities = hiddenMarginal(rbm).map(Math.exp);
    const half = exactRingCorrelations(6, decimated);
    const whole = exactRingCorrelations(12, coupling);
    for (let r = 0; r < 6; r++) {
      const measured = probabilities.reduce((sum, p, state) => {
        const spins = spinsOf(state, 6);
        return sum + p * spins[0] * spins[r];
      }, 0);
      expect(measured).toBeCloseTo(half[r], 10);
      expect(half[r]).toBeCloseTo(whole[2 * r], 12);
    }
  });

  it("has T_λ = M where hidden spins copy every second visible one, and no other hidden state has a probability", () => {
    const coupling = 0.6;
    const [{ rbm, copyWeight }] = decimationStack(8, coupling, 1);
    const model = isingModel(chain(8), coupling);
    for (let state = 0; state < 256; state++) {
      const visible = spinsOf(state, 8);
      const copied = Int8Array.from({ length: 4 }, (_, j) => visible[2 * j]);
      expect(variationalTransformation(model, rbm, visible, copied)).toBeCloseTo(4 * copyWeight, 10);
      expect(hiddenProbability(rbm, visible, copied)).toBeCloseTo(1, 12);
      copied[2] = -copied[2];
      expect(hiddenProbability(rbm, visible, copied)).toBeLessThan(1e-14);
    }
  });

  it("leaves the coupling e^{−2M}(cosh 4K − 1)/2 between next neighbours at a finite copy weight", () => {
    const [coupling, copyWeight] = [0.5, 6];
    const [layer] = decimationStack(8, coupling, 1, copyWeight);
    // J_A = E[ln P(v) Π_{i∈A} v_i] over uniform v is the coupling of the spins A.
    const { logs } = logProbabilities(layer.rbm);
    const couplingOf = (...sites: readonly number[]): number =>
      logs.reduce((sum, value, state) => {
        const spins = spinsOf(state, 8);
        return sum + (value / 256) * sites.reduce((product, site) => product * spins[site], 1);
      }, 0);
    const leftOver = (Math.exp(-2 * copyWeight) * (Math.cosh(4 * coupling) - 1)) / 2;
    expect(Math.abs(couplingOf(1, 3) / leftOver - 1)).toBeLessThan(1e-4);
    expect(Math.abs(couplingOf(0, 2))).toBeLessThan(1e-13);
    expect(Math.abs(couplingOf(1, 2) - coupling)).toBeLessThan(1e-4);
    const residual = decimationResiduals(layer, kernels);
    expect(residual.hidden).toBeLessThan(1e-12);
    expect(residual.visible).toBeGreaterThan(leftOver);
  });

  it("refuses lengths that cannot be halved that often", () => {
    expect(() => decimationStack(12, 1, 3)).toThrow(DomainError);
    expect(() => decimationStack(4, 1, 2)).toThrow(/at least 2/);
    expect(() => decimationStack(8, -1, 1)).toThrow(DomainError);
    expect(() => decimationStack(8, 1, 0)).toThrow(DomainError);
  });
});

/** Visible and hidden spins together are a ring of 2N spins of coupling w, of which every second one is decimated. */
describe("a ring as an RBM with a hidden spin per bond", () => {
  it.each([
    [2, 0.3],
    [3, 0.9],
    [10, 0.408],
    [10, 2],
  ])("of %d spins at K = %d is exact, and so is its hidden layer", (length, coupling) => {
    const rbm = bondRbm(isingModel(chain(length), coupling));
    const exact = Array.from(boltzmannDistribution(isingModel(chain(length), coupling)), Math.log);
    const { logs, logPartition } = logProbabilities(rbm);
    exact.forEach((value, state) => {
      expect(Math.abs(logs[state] - value)).toBeLessThan(1e-10);
    });
    hiddenMarginal(rbm).forEach((value, state) => {
      expect(Math.abs(value - exact[state])).toBeLessThan(1e-10);
    });
    const traced = length * (Math.LN2 + 0.5 * Math.log(Math.cosh(2 * bondWeight(coupling))));
    expect(logPartition - exactRing(length, coupling).logPartition).toBeCloseTo(traced, 10);
  });

  it("satisfies the trace condition but for a constant: Tr_h e^{T} = (2√cosh 2w)^N for every v", () => {
    const model = isingModel(chain(5), 0.7);
    const rbm = bondRbm(isingModel(chain(5), 0.7));
    for (let state = 0; state < 32; state++) {
      const visible = spinsOf(state, 5);
      let trace = 0;
      for (let h = 0; h < 32; h++)
        trace += Math.exp(variationalTransformation(model, rbm, visible, spinsOf(h, 5)));
      expect(Math.log(trace)).toBeCloseTo(5 * Math.log(2 * Math.sqrt(Math.cosh(2 * bondWeight(0.7)))), 10);
    }
  });
});
