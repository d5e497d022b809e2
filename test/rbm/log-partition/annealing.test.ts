import { describe, expect, it } from "vitest";
import { enumerateIsing } from "../../../src/ising/exact/index.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { type IsingModel, isingModel } from "../../../src/ising/model.js";
import { isingHamiltonian } from "../../../src/ising/hamiltonian.js";
import { type BitMatrix, bitMatrix, type LayerArrays } from "../../../src/kernels/index.js";
import { deriveKey, seedKey } from "../../../src/random/index.js";
import { Annealing } from "../../../src/rbm/log-partition/annealing.js";
import { measurePath, spacedSchedule } from "../../../src/rbm/log-partition/annealing-schedule.js";
import type { AnnealingStart } from "../../../src/rbm/log-partition/annealing-start.js";
import { IndependentStart, meanBiases } from "../../../src/rbm/log-partition/independent-start.js";
import { IsingStart } from "../../../src/rbm/log-partition/ising-start.js";
import { Population } from "../../../src/rbm/log-partition/population.js";
import { flipAtRandom, isSymmetric, withMirrorImages } from "../../../src/rbm/log-partition/symmetry.js";
import { zeroRbm } from "../../../src/rbm/parameters.js";
import {
  agreement,
  drawStates,
  enumerateJoint,
  randomRbm,
  stateCounts,
  toSingle,
  unitTypes,
  unitValues,
} from "../oracle.js";
import { implementations } from "../training.js";

const CHAINS = 20_000;
/** Steps that are few enough for the works to scatter, unevenly spaced. */
const SCHEDULE = Float32Array.of(0, 0.2, 0.5, 0.6, 1);

/** P₀(v) ∝ e^{−H₀(v)} for every state. */
function distributionOf(hamiltonian: (state: number) => number, units: number): Float64Array {
  const weights = Float64Array.from({ length: 2 ** units }, (_, state) => Math.exp(-hamiltonian(state)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

function rowsOf(probabilities: Float64Array, columns: number, seed: string): BitMatrix {
  const rows = bitMatrix(CHAINS, columns);
  drawStates(probabilities, rows, seedKey(seed));
  return rows;
}

/** How many of its standard errors the mean of e^w is away from `expected`. */
function deviation(works: Float64Array, expected: number): number {
  const weights = works.map((w) => Math.exp(w - expected));
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const variance = weights.reduce((a, b) => a + (b - mean) ** 2, 0) / weights.length;
  return (mean - 1) / Math.sqrt(variance / weights.length);
}

const noPause = (): void => undefined;

interface Way {
  readonly name: string;
  readonly layer: LayerArrays;
  readonly start: AnnealingStart;
  /** H₀(v) */
  readonly hamiltonian: (state: number) => number;
}

describe.each(implementations)("the works of annealing by the $name kernels", (kernels) => {
  const ways: Way[] = [];
  for (const units of unitTypes) {
    const layer = toSingle(randomRbm(units, 6, 3, `works ${units}`, 0.8));
    const biases = Float32Array.of(0.5, -0.3, 0.2, 0, 1, -1);
    ways.push({
      name: `${units} units from independent ones`,
      layer,
      start: new IndependentStart(layer, biases, kernels, kernels.arena()),
      hamiltonian: (state) => -unitValues(units, state, 6).reduce((sum, v, i) => sum + v * biases[i], 0),
    });
    const models: readonly [string, IsingModel][] = [
      ["a 2 × 3 torus", isingModel(torus(2, 3), 0.3, 0.2)],
      ["a ring", isingModel(chain(6), 0.7)],
    ];
    for (const [name, model] of models) {
      const { logPartition } = enumerateIsing(model);
      ways.push({
        name: `${units} units from ${name}`,
        layer,
        start: new IsingStart(model, logPartition, layer, kernels, kernels.arena(), CHAINS),
        hamiltonian: (state) => isingHamiltonian(model, Int8Array.from(unitValues("spin", state, 6))),
      });
    }
  }

  it.each(ways)(
    "have the exact means in both directions ($name)",
    async ({ name, layer, start, hamiltonian }) => {
      const { logPartition, visible } = enumerateJoint(layer);
      const ratio = logPartition - start.logPartition - 3 * Math.LN2;
      const up = new Annealing(
        layer,
        start,
        rowsOf(distributionOf(hamiltonian, 6), 6, "start"),
        kernels,
        kernels.arena(),
      );
      await up.follow(SCHEDULE, seedKey(`${name} up`), noPause);
      expect(Math.abs(deviation(up.works, ratio))).toBeLessThan(4);
      const down = new Annealing(layer, start, rowsOf(visible, 6, "model"), kernels, kernels.arena());
      await down.follow(SCHEDULE.slice().reverse(), seedKey(`${name} down`), noPause);
      expect(Math.abs(deviation(down.works, -ratio))).toBeLessThan(4);
      expect(Math.max(...up.works) - Math.min(...up.works)).toBeGreaterThan(1);
    },
  );

  it.each(ways)("are weights of a population that is drawn anew on the way ($name)", async (way) => {
    const { name, layer, start, hamiltonian } = way;
    const { logPartition, visible } = enumerateJoint(layer);
    const rows = rowsOf(distributionOf(hamiltonian, 6), 6, "population");
    const population = new Population(CHAINS, 0.999);
    const run = new Annealing(layer, start, rows, kernels, kernels.arena(), population);
    await run.follow(SCHEDULE, seedKey(`${name} population`), noPause);
    const off = population.gain - (logPartition - start.logPartition - 3 * Math.LN2);
    expect(Math.abs(off)).toBeLessThan(4 * population.error);
    expect(population.error).toBeLessThan(0.02);
    run.renew(seedKey("renew"));
    const { totalVariation, floor } = agreement(stateCounts(rows), visible);
    expect(totalVariation).toBeLessThan(1.5 * floor); // offspring of one parent are alike
  });

  it.each(ways)("leave the model in equilibrium at the end of the path ($name)", async ({ layer, start }) => {
    const { visible } = enumerateJoint(layer);
    const rows = rowsOf(visible, 6, "equilibrium");
    const chains = new Annealing(layer, start, rows, kernels, kernels.arena());
    await chains.equilibrate(3, 1, seedKey("equilibrate"), noPause);
    const { totalVariation, floor } = agreement(stateCounts(rows), visible);
    expect(totalVariation).toBeLessThan(floor);
    expect(chains.works.every((w) => w === 0)).toBe(true);
  });

  it("start independent units from their own distribution, with the means of the data", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 6, 3, "draw"));
      const data = rowsOf(enumerateJoint(layer).visible, 6, "data");
      const biases = meanBiases(units, data);
      const start = new IndependentStart(layer, biases, kernels, kernels.arena());
      const rows = bitMatrix(CHAINS, 6);
      start.draw(seedKey("draw"), rows);
      const product = distributionOf(
        (state) => -unitValues(units, state, 6).reduce((sum, v, i) => sum + v * biases[i], 0),
        6,
      );
      const { totalVariation, floor } = agreement(stateCounts(rows), product);
      expect(totalVariation).toBeLessThan(floor);
      for (let i = 0; i < 6; i++) {
        const ups = (matrix: BitMatrix): number =>
          matrix.words.reduce((sum, word) => sum + ((word >>> i) & 1), 0) / matrix.rows;
        expect(Math.abs(ups(rows) - ups(data))).toBeLessThan(4 / Math.sqrt(2 * CHAINS));
      }
    }
  });
});

describe.each(implementations)("the moves of an Ising start by the $name kernels", (kernels) => {
  it("are their own reverse: v → v' is as frequent as v' → v in equilibrium", () => {
    const model = isingModel(chain(3), 0.8, 0.1);
    const layer = toSingle(randomRbm("spin", 3, 1, "reverse", 0.6));
    const s = 0.5;
    const start = new IsingStart(model, 0, layer, kernels, kernels.arena(), 100);
    const conditional = distributionOf((state) => {
      const v = unitValues("spin", state, 3);
      const own = v.reduce((sum, x, i) => sum + x * (layer.visibleBias[i] + layer.weights[i]), 0);
      return (1 - s) * isingHamiltonian(model, Int8Array.from(v)) - s * own;
    }, 3);
    const hidden = bitMatrix(100, 1);
    hidden.words.fill(1);
    const moves = new Float64Array(64);
    for (let call = 0; call < 2000; call++) {
      const rows = bitMatrix(100, 3);
      drawStates(conditional, rows, deriveKey(seedKey("from"), "analysis", call));
      const before = Uint32Array.from(rows.words);
      start.moveVisible(hidden, s, deriveKey(seedKey("move"), "analysis", call), rows);
      before.forEach((state, row) => moves[8 * state + rows.words[row]]++);
    }
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < a; b++) {
        const [there, back] = [moves[8 * a + b], moves[8 * b + a]];
        expect(Math.abs(there - back)).toBeLessThan(4.5 * Math.sqrt(there + back));
      }
    }
    expect(moves.reduce((sum, n) => sum + n, 0)).toBe(200_000);
  });
});

describe("symmetry under v → −v", () => {
  it("is that of spin units without biases, which then start uniform whatever the data", () => {
    const symmetric = toSingle({
      ...randomRbm("spin", 5, 3, "s"),
      visibleBias: new Float64Array(5),
      hiddenBias: new Float64Array(3),
    });
    expect(isSymmetric(symmetric)).toBe(true);
    expect(isSymmetric(toSingle(randomRbm("spin", 5, 3, "s")))).toBe(false);
    expect(isSymmetric(zeroRbm("binary", 5, 3))).toBe(false);
    const [kernels] = implementations;
    const start = new IndependentStart(symmetric, new Float32Array(5).fill(1), kernels, kernels.arena());
    expect(start.logPartition).toBeCloseTo(5 * Math.LN2, 14);
  });

  it("turns whole rows over, half of them", () => {
    const rows = bitMatrix(1000, 37);
    rows.words.forEach((_, k) => (rows.words[k] = k % 2 === 0 ? 5 : 1));
    flipAtRandom(rows, seedKey("flip"));
    let flipped = 0;
    for (let row = 0; row < 1000; row++) {
      const [low, high] = rows.words.subarray(2 * row, 2 * row + 2);
      expect([5, 0xfffffffa]).toContain(low);
      expect(high).toBe(low === 5 ? 1 : 0b11110);
      if (low !== 5) flipped++;
    }
    expect(Math.abs(flipped - 500)).toBeLessThan(4 * Math.sqrt(250));
  });
});

describe("mirror images", () => {
  it("follow the rows, with every unit in its other state", () => {
    const rows = bitMatrix(2, 35);
    rows.words.set([7, 1, 0, 6]);
    const [kernels] = implementations;
    const both = withMirrorImages(rows, kernels.arena());
    expect([...both.words]).toEqual([7, 1, 0, 6, 0xfffffff8, 6, 0xffffffff, 1]);
    expect([...rows.words]).toEqual([7, 1, 0, 6]);
  });
});

describe("the schedule", () => {
  const measured = { parts: Float64Array.from({ length: 24 }, (_, part) => (part < 12 ? 1 : 3)), effort: 1 };

  it("rises from 0 to 1 with steps in proportion to the scatter of the parts", () => {
    const schedule = spacedSchedule(measured, 96);
    expect(schedule).toHaveLength(97);
    expect([schedule[0], schedule[96]]).toEqual([0, 1]);
    for (let k = 1; k <= 96; k++) expect(schedule[k]).toBeGreaterThan(schedule[k - 1]);
    expect(schedule[24]).toBeCloseTo(0.5, 6);
    expect(schedule[60]).toBeCloseTo(0.75, 6);
  });

  it("is even where nothing was measured", () => {
    const schedule = spacedSchedule({ parts: new Float64Array(24), effort: 0 }, 10);
    schedule.forEach((s, k) => {
      expect(s).toBeCloseTo(k / 10, 6);
    });
    expect(spacedSchedule(measured, 1)).toEqual(Float32Array.of(0, 1));
  });

  it("is measured by chains that scatter where the path is hard", async () => {
    const [, kernels] = implementations;
    const layer = toSingle({
      ...randomRbm("spin", 40, 20, "pilot", 0.3),
      visibleBias: new Float64Array(40),
      hiddenBias: new Float64Array(20),
    });
    const start = new IndependentStart(layer, null, kernels, kernels.arena());
    const rows = bitMatrix(200, 40);
    start.draw(deriveKey(seedKey("pilot"), "analysis"), rows);
    const { parts, effort } = await measurePath(
      new Annealing(layer, start, rows, kernels, kernels.arena()),
      seedKey("pilot"),
      noPause,
    );
    expect(parts[12]).toBeGreaterThan(3 * parts[0]);
    expect(effort).toBeGreaterThan(1);
  });
});
