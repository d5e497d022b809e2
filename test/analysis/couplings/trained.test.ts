import { describe, expect, it } from "vitest";
import { expandClasses, latticeClasses, projectHamiltonian } from "../../../src/analysis/couplings/index.js";
import { exactTraceCondition, traceMismatches } from "../../../src/analysis/variational-rg/index.js";
import { boltzmannDistribution, enumerateIsing } from "../../../src/ising/exact/index.js";
import { isingHamiltonians } from "../../../src/ising/hamiltonian.js";
import { chain, type Lattice, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { bitMatrix } from "../../../src/kernels/index.js";
import { seedKey } from "../../../src/random/index.js";
import { bondRbm } from "../../../src/rbm/bond-rbm.js";
import { visibleDistribution, visibleHamiltonians } from "../../../src/rbm/ensemble.js";
import { perfectSamples } from "../../../src/rbm/perfect-samples.js";
import { trainLayer } from "../../../src/rbm/trainer.js";
import { kernels } from "../../physics/kernels.js";
import { common } from "../../physics/small-torus.js";
import { single } from "./random-rbm.js";

const COUPLING = 0.408;

/** Train on the exact distribution; what is left of it, and the couplings of the result. */
async function trained(lattice: Lattice, hidden: number, epochs: number) {
  const model = isingModel(lattice, COUPLING);
  const target = boltzmannDistribution(model);
  const data = { rows: bitMatrix(1, lattice.sites), target };
  const options = { ...common, epochs, learningRate: 0.05, finalLearningRate: 0.002 };
  const layer = await trainLayer(data, hidden, options, 1, seedKey("1"), kernels);
  const effective = visibleHamiltonians(layer, kernels);
  const states = bitMatrix(target.length, lattice.sites);
  states.words.forEach((_, state) => (states.words[state] = state));
  const mismatches = isingHamiltonians(model, states).map((h, v) => h - effective[v]);
  const trace = exactTraceCondition(mismatches, target);
  const { logPartition } = visibleDistribution(effective, kernels);
  const gap = logPartition - enumerateIsing(model).logPartition;
  const expanded = (await expandClasses(layer, latticeClasses(lattice.shape, 6))).map(
    ({ summary }) => summary,
  );
  return { expanded, trace, kl: gap - trace.mean, layer, model };
}

describe("an RBM trained at K = 0.408 by KL", () => {
  it.each([
    ["4×4", torus(4, 4), 16, 700],
    ["a ring of 12", chain(12), 12, 700],
  ])(
    "on %s has K between nearest neighbours to a twentieth, and less than 0.02 between all others",
    async (_, lattice, hidden, epochs) => {
      const { expanded, trace, kl } = await trained(lattice, hidden, epochs);
      expect(kl).toBeGreaterThan(0);
      expect(kl).toBeLessThan(2e-3);
      // Var(D) = 2 KL to leading order: what D says and what the divergence says is the same.
      expect(trace.variance / (2 * kl)).toBeGreaterThan(0.5);
      expect(trace.variance / (2 * kl)).toBeLessThan(2);
      for (const { order, distance, coupling } of expanded) {
        if (order === 2 && distance === 1) expect(Math.abs(coupling / COUPLING - 1)).toBeLessThan(0.05);
        else expect(Math.abs(coupling)).toBeLessThan(0.02);
      }
    },
  );

  it("has a divergence that explains what its couplings lack before all is learned (3×6)", async () => {
    const { expanded, kl, layer, model } = await trained(torus(3, 6), 18, 60);
    // Configurations of P itself; on them D = Σ δJ S + rest, whose variance is 2 KL to leading order.
    const rows = perfectSamples(single(bondRbm(model)), 4000, seedKey("3×6"), kernels);
    const mismatches = traceMismatches(model, layer, rows, kernels).map((d) => -d);
    const pairs = latticeClasses([3, 6], 6).filter(({ order }) => order === 2);
    const { couplings, variance, residualVariance } = projectHamiltonian(mismatches, rows, pairs);
    expect(variance / (2 * kl)).toBeGreaterThan(0.6);
    expect(variance / (2 * kl)).toBeLessThan(1.6);
    // Neighbours have less than K and diagonal ones as much more, at a cost of no more than the divergence.
    const [nearest, diagonal] = couplings.map(({ coupling }) => coupling);
    expect(nearest).toBeLessThan(-0.05);
    expect(diagonal).toBeGreaterThan(0.05);
    expect((variance - residualVariance) / 2).toBeLessThan(kl);
    expect((variance - residualVariance) / 2).toBeGreaterThan(0.2 * kl);
    const [, first, second] = expanded.map(({ coupling }) => coupling);
    expect(Math.abs(first - (COUPLING + nearest))).toBeLessThan(0.08);
    expect(Math.abs(second - diagonal)).toBeLessThan(0.08);
  });
});
