import { describe, expect, it } from "vitest";
import {
  filterObjectives,
  type FilterObjective,
  MonteCarloRenormalization,
  monteCarloRgResult,
  sharedFilterRule,
  symmetryClasses,
  TiedRbm,
  trainFilter,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { DomainError } from "../../../src/errors/index.js";
import { isingHamiltonians } from "../../../src/ising/hamiltonian.js";
import { torus } from "../../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../../src/ising/model.js";
import { sampleIsing } from "../../../src/ising/sample.js";
import { seedKey } from "../../../src/random/index.js";
import { visibleHamiltonians } from "../../../src/rbm/ensemble.js";
import { kernels } from "../../physics/kernels.js";

const objectives = Object.keys(filterObjectives) as readonly FilterObjective[];

/** The tied machine written out as an ordinary one: four hidden units on the 4 × 4 torus. */
function writtenOut(side: number, weights: Float64Array) {
  const { classes } = symmetryClasses(side);
  const start = side === 4 ? -1 : 0;
  const full = new Float64Array(16 * 4);
  [0, 1, 2, 3].forEach((unit) => {
    classes.forEach((a, k) => {
      const x = (2 * Math.floor(unit / 2) + start + Math.floor(k / side) + 4) % 4;
      const y = (2 * (unit % 2) + start + (k % side) + 4) % 4;
      full[(4 * x + y) * 4 + unit] += weights[a];
    });
  });
  return {
    units: "spin" as const,
    visible: 16,
    hidden: 4,
    weights: full,
    visibleBias: new Float64Array(16),
    hiddenBias: new Float64Array(4),
  };
}

/** The three losses from the tables of all 2^16 energies. */
function losses(side: number, coupling: number, weights: Float64Array): Record<FilterObjective, number> {
  const words = Uint32Array.from({ length: 2 ** 16 }, (_, state) => state);
  const states = { rows: words.length, columns: 16, wordsPerRow: 1, words };
  const target = isingHamiltonians(isingModel(torus(4, 4), coupling), states);
  const model = visibleHamiltonians(writtenOut(side, weights), kernels);
  const norm = (h: Float64Array): number => Math.log(h.reduce((sum, value) => sum + Math.exp(-value), 0));
  const [logZ, logZModel] = [norm(target), norm(model)];
  let [kl, reverse, first, second] = [0, 0, 0, 0];
  target.forEach((h, v) => {
    const [p, q] = [Math.exp(-h - logZ), Math.exp(-model[v] - logZModel)];
    const d = h - model[v];
    kl += p * (-h - logZ + model[v] + logZModel);
    reverse += q * (-model[v] - logZModel + h + logZ);
    first += p * d;
    second += p * d * d;
  });
  return { kl, trace: second - first * first, "reverse-kl": reverse };
}

describe("the tied machine on the 4 × 4 torus", () => {
  it("has as many weights as the symmetry of the square leaves", () => {
    expect([2, 3, 4].map((side) => symmetryClasses(side).count)).toEqual([1, 3, 3]);
    expect([...symmetryClasses(3).classes]).toEqual([2, 1, 2, 1, 0, 1, 2, 1, 2]);
    expect([...symmetryClasses(4).classes]).toEqual([2, 1, 1, 2, 1, 0, 0, 1, 1, 0, 0, 1, 2, 1, 1, 2]);
    expect(() => symmetryClasses(5)).toThrow(DomainError);
  });

  it.each([2, 3, 4])("has the losses of the machine written out, and their gradients (side %i)", (side) => {
    const rbm = new TiedRbm(side, 0.4);
    const weights = Float64Array.of(0.7, 0.35, -0.2).subarray(0, rbm.weightCount);
    const expected = losses(side, 0.4, weights);
    for (const objective of objectives) {
      const loss = filterObjectives[objective](rbm);
      const gradient = new Float64Array(weights.length);
      const value = loss(weights, gradient);
      expect(Math.abs(value - expected[objective])).toBeLessThan(1e-10 * Math.max(1, value));
      weights.forEach((_, a) => {
        const at = (step: number): number =>
          loss(
            weights.map((w, b) => (a === b ? w + step : w)),
            new Float64Array(weights.length),
          );
        const slope = (8 * (at(1e-3) - at(-1e-3)) - at(2e-3) + at(-2e-3)) / 12e-3;
        expect(Math.abs(slope - gradient[a])).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
      });
    }
  });
});

describe("training a filter", () => {
  it.each(objectives)("ends in a minimum that no small step improves (%s)", (objective) => {
    const { filter, loss } = trainFilter(objective, { side: 3, coupling: CRITICAL_COUPLING });
    const rbm = new TiedRbm(3, CRITICAL_COUPLING);
    const [corner, edge, , , center] = filter.weights;
    const weights = Float64Array.of(center, edge, corner);
    const gradient = new Float64Array(3);
    expect(filterObjectives[objective](rbm)(weights, gradient)).toBeCloseTo(loss, 10);
    gradient.forEach((g) => {
      expect(Math.abs(g)).toBeLessThan(1e-5);
    });
    // The weights are all ferromagnetic and fall off from the centre: a block spin.
    expect(center).toBeGreaterThan(edge);
    expect(edge).toBeGreaterThan(corner);
    expect(corner).toBeGreaterThan(0);
  });

  it("each objective is the best at its own loss", () => {
    const training = { side: 3, coupling: CRITICAL_COUPLING };
    const found = objectives.map((objective) => trainFilter(objective, training).filter.weights);
    const table = found.map(([corner, edge, , , center]) =>
      losses(3, CRITICAL_COUPLING, Float64Array.of(center, edge, corner)),
    );
    objectives.forEach((objective, own) => {
      for (const row of table) expect(table[own][objective]).toBeLessThanOrEqual(row[objective] + 1e-9);
    });
  });

  it("at K = 0 the hidden units decouple, and larger filters fit better", () => {
    const hot = trainFilter("kl", { side: 3, coupling: 1e-3 });
    expect(hot.loss).toBeLessThan(1e-4);
    const [small, large] = [2, 3].map((side) => trainFilter("kl", { side, coupling: 0.44 }).loss);
    expect(large).toBeLessThan(small);
  });

  it("of a window all around the torus the inner weights are the larger", () => {
    const { weights } = trainFilter("kl", { side: 4, coupling: CRITICAL_COUPLING }).filter;
    expect(Math.abs(weights[5])).toBeGreaterThanOrEqual(Math.abs(weights[0]));
  });

  it("as a block rule at K_c has a y_H and y_T near those of the Ising class (32 × 32)", async () => {
    const samples = 1500;
    const options = { samples, chains: 32, algorithm: "wolff", start: "auto" } as const;
    const set = await sampleIsing(
      isingModel(torus(32, 32), CRITICAL_COUPLING),
      { ...options, thermalization: "auto", spacing: "auto" },
      seedKey("trained filters"),
      kernels,
    );
    for (const objective of objectives) {
      const { filter } = trainFilter(objective, { side: 3, coupling: CRITICAL_COUPLING });
      const rule = sharedFilterRule(filter, objective);
      const run = new MonteCarloRenormalization({
        ...{ shape: [32, 32] as const, rule, steps: 2, samples },
        key: seedKey("block spins"),
      });
      run.add(set.configurations);
      const { exponents } = monteCarloRgResult(run);
      const last = (parity: string) =>
        exponents.filter((row) => row.step === 2 && row.parity === parity && row.rank === 1).at(-1)!;
      const [thermal, magnetic] = [last("even"), last("odd")];
      expect(Math.abs(thermal.exponent - 1)).toBeLessThan(0.05 + 3 * thermal.exponentError);
      expect(Math.abs(magnetic.exponent - 15 / 8)).toBeLessThan(0.02 + 3 * magnetic.exponentError);
      expect(thermal.exponentError).toBeLessThan(0.1);
    }
  });
});
