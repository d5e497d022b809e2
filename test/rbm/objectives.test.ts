import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays } from "../../src/kernels/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { Direction } from "../../src/rbm/direction.js";
import {
  type Estimator,
  type EstimatorName,
  estimators,
  type EstimatorSetup,
} from "../../src/rbm/estimators/index.js";
import {
  type GaugeName,
  type LossTerms,
  type ObjectiveName,
  objectives,
  unmetNeeds,
} from "../../src/rbm/objectives/index.js";
import type { HamiltonianOf } from "../../src/rbm/target-model.js";
import {
  drawStates,
  enumerateJoint,
  flat,
  jointAverages,
  largestDifference,
  moved,
  randomRbm,
  toSingle,
  tracedHamiltonian,
  unitTypes,
} from "./oracle.js";
import { implementations } from "./training.js";
import type { Rbm } from "../../src/rbm/parameters.js";

/** H(v) of every state of n units: normal random numbers, with the spread of a strongly coupled model. */
function randomHamiltonian(units: number): Float64Array {
  const out = new Float64Array(2 ** units);
  fillStandardNormal(seedKey(`H of ${units}`), out);
  return out.map((x) => 1.5 * x - 2);
}

const logSumExp = (values: Float64Array): number => {
  const largest = values.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(values.reduce((sum, x) => sum + Math.exp(x - largest), 0));
};

const average = (p: Float64Array, f: Float64Array): number =>
  p.reduce((sum, weight, k) => sum + weight * f[k], 0);

/** Everything that the losses are made of, by sums over the states in double precision. */
function ensemble(rbm: Rbm, hamiltonian: Float64Array) {
  const effective = hamiltonian.map((_, state) => tracedHamiltonian(rbm, state));
  const freeEnergy = -logSumExp(hamiltonian.map((h) => -h));
  const freeEnergyModel = -logSumExp(effective.map((h) => -h));
  const p = hamiltonian.map((h) => Math.exp(freeEnergy - h));
  const q = effective.map((h) => Math.exp(freeEnergyModel - h));
  const d = hamiltonian.map((h, state) => h - effective[state]);
  const logRatio = p.map((x, state) => Math.log(x / q[state]));
  const kl = average(p, logRatio);
  const reverseKl = -average(q, logRatio);
  const variance = average(
    p,
    d.map((x) => (x - average(p, d)) ** 2),
  );
  return { p, q, d, kl, reverseKl, variance, gap: freeEnergy - freeEnergyModel };
}

interface Case {
  readonly name: string;
  readonly objective: ObjectiveName;
  readonly gauge: GaugeName;
  readonly mu: number;
  /** The loss as science has it. */
  readonly loss: (e: ReturnType<typeof ensemble>) => number;
}

const plain = { gauge: "literal", mu: 1 } as const;
const cases: readonly Case[] = [
  { ...plain, name: "kl", objective: "kl", loss: ({ kl }) => kl },
  { ...plain, name: "free-energy, literal", objective: "free-energy", loss: ({ gap }) => gap ** 2 },
  {
    ...plain,
    name: "free-energy, data",
    objective: "free-energy",
    gauge: "data",
    loss: ({ gap, p, d }) => (gap - average(p, d)) ** 2,
  },
  {
    ...plain,
    name: "free-energy, model",
    objective: "free-energy",
    gauge: "model",
    loss: ({ gap, q, d }) => (gap - average(q, d)) ** 2,
  },
  { ...plain, name: "trace", objective: "trace", loss: ({ variance }) => variance },
  {
    ...plain,
    name: "hybrid",
    objective: "hybrid",
    mu: 0.3,
    loss: ({ kl, gap }) => kl + 0.3 * gap ** 2,
  },
];

const named = (name: string): Case => cases.find((known) => known.name === name)!;

/** The distribution of the rows of a matrix. */
function empirical(rows: BitMatrix): Float64Array {
  const p = new Float64Array(2 ** rows.columns);
  rows.words.forEach((state) => (p[state] += 1 / rows.rows));
  return p;
}

/** −∇ of a loss in the order of `flat`: central differences of fourth order. */
function numericalDescent(rbm: Rbm, loss: (rbm: Rbm) => number): number[] {
  const step = 2e-3;
  return flat(rbm).map((_, k) => {
    const difference = (change: number): number => loss(moved(rbm, k, change)) - loss(moved(rbm, k, -change));
    return -(8 * difference(step) - difference(2 * step)) / (12 * step);
  });
}

interface Setting {
  readonly layer: LayerArrays;
  readonly kernels: Kernels;
  readonly estimator: EstimatorName;
  readonly batch: BitMatrix;
  readonly change: Partial<EstimatorSetup>;
  readonly hamiltonian: Float64Array;
}

const hamiltonianOf =
  (table: Float64Array): HamiltonianOf =>
  (rows) =>
    Float64Array.from(rows.words, (state) => table[state]);

/** What an objective sees in one step. */
function terms({ layer, kernels, estimator, batch, change, hamiltonian }: Setting): LossTerms {
  const { data, model, logPartition } = estimators[estimator]({
    layer,
    kernels,
    arena: kernels.arena(),
    batchSize: batch.rows,
    steps: 1,
    chains: 50,
    key: seedKey("start"),
    target: null,
    hamiltonianOf: hamiltonianOf(hamiltonian),
    ...change,
  }).phases(batch, seedKey("step"), hamiltonianOf(hamiltonian)(batch));
  const own = logPartition() ?? enumerateJoint(layer).logPartition;
  return { data, model, gap: () => own - logSumExp(hamiltonian.map((h) => -h)) };
}

/** curvature · direction, which is −∇ of the loss, and the curvature. */
function descent(
  { objective, gauge, mu }: Case,
  given: LossTerms,
  { layer, kernels }: Setting,
): { gradient: number[]; curvature: number } {
  const direction = new Direction(layer, kernels, kernels.arena(), true);
  const curvature = objectives[objective]({ gauge, mu }).descend(given, direction);
  return { gradient: flat(direction).map((x) => curvature * x), curvature };
}

/**
 * √(Σ_k Var of the k-th component of the gradient for a single chain in equilibrium), by sums over the states: the gradient
 * of one state is that of its statistics, times D − ⟨D⟩ for a covariance.
 */
function samplingNoise(
  layer: LayerArrays,
  q: Float64Array,
  { name, mu }: Case,
  setting: Setting,
  hamiltonian: Float64Array,
): number {
  const gap = terms(setting).gap();
  const { d, reverseKl } = ensemble(layer, hamiltonian);
  const mean = average(q, d);
  const factor =
    name === "hybrid" ? 1 + 2 * mu * gap : name === "free-energy, literal" ? 2 * gap : 2 * reverseKl;
  const byCovariance = name === "free-energy, model";
  let [square, total] = [0, new Array<number>(flat(layer).length).fill(0)];
  q.forEach((p, state) => {
    const point = new Float64Array(q.length);
    point[state] = 1;
    const own = jointAverages(layer, point).map((x) => factor * x * (byCovariance ? d[state] - mean : 1));
    square += p * own.reduce((sum, x) => sum + x * x, 0);
    total = total.map((x, k) => x + p * own[k]);
  });
  return Math.sqrt(square - total.reduce((sum, x) => sum + x * x, 0));
}

/** |a − b| in units of the largest component of b, or of 1 if that is larger. */
const relativeDifference = (a: readonly number[], b: readonly number[]): number =>
  largestDifference(a, b) / Math.max(1, ...b.map(Math.abs));

const rowsOf = (states: readonly number[], columns: number): BitMatrix => {
  const rows = bitMatrix(states.length, columns);
  rows.words.set(states);
  return rows;
};

describe.each(implementations)("by the $name kernels", (kernels) => {
  describe.each(cases)("the objective $name", (objective) => {
    it("descends along −∇ of its loss: exact phases against finite differences", () => {
      for (const units of unitTypes) {
        for (const [visible, hidden] of [
          [5, 3],
          [3, 5],
        ]) {
          const hamiltonian = randomHamiltonian(visible);
          const layer = toSingle(randomRbm(units, visible, hidden, `objective ${units} ${hidden}`));
          const { p } = ensemble(layer, hamiltonian);
          const change = { target: p };
          const batch = rowsOf([0], visible);
          const setting = { layer, kernels, estimator: "exact", batch, change, hamiltonian } as const;
          const { gradient, curvature } = descent(objective, terms(setting), setting);
          const expected = numericalDescent(layer, (rbm) => objective.loss(ensemble(rbm, hamiltonian)));
          expect(curvature).toBeGreaterThan(0);
          expect(Math.hypot(...expected)).toBeGreaterThan(0.1);
          expect(relativeDifference(gradient, expected)).toBeLessThan(1e-6);
        }
      }
    });
  });

  describe("the objective trace over the rows of a batch", () => {
    it.each(["cd", "pcd", "exact"] as const)(
      "with %s descends along −∇ of their variance of D, divided by rows − 1",
      (estimator) => {
        for (const units of unitTypes) {
          const hamiltonian = randomHamiltonian(5);
          const layer = toSingle(randomRbm(units, 5, 3, `trace ${units}`));
          for (const states of [
            [1, 2, 30, 4, 5, 17, 7, 21, 9, 11],
            [3, 9, 3],
          ]) {
            const setting = { layer, kernels, estimator, batch: rowsOf(states, 5), change: {}, hamiltonian };
            const { gradient } = descent(named("trace"), terms(setting), setting);
            const expected = numericalDescent(layer, (rbm) => {
              const d = states.map((state) => hamiltonian[state] - tracedHamiltonian(rbm, state));
              const mean = d.reduce((sum, x) => sum + x) / d.length;
              return d.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (d.length - 1);
            });
            expect(Math.hypot(...expected)).toBeGreaterThan(0.1);
            // D of a batch rests on inputs in single precision
            expect(relativeDifference(gradient, expected)).toBeLessThan(3e-6);
          }
        }
      },
    );

    it("is unbiased: its mean over all batches of two rows is the exact one", () => {
      const hamiltonian = randomHamiltonian(3);
      const layer = toSingle(randomRbm("spin", 3, 2, "pairs"));
      const target = new Float64Array(8).fill(1 / 8);
      const setting = {
        layer,
        kernels,
        estimator: "cd",
        batch: rowsOf([0, 0], 3),
        change: {},
        hamiltonian,
      } as const;
      const exact = { ...setting, estimator: "exact", change: { target } } as const;
      const { gradient: expected } = descent(named("trace"), terms(exact), exact);
      const total = new Array<number>(expected.length).fill(0);
      for (let pair = 0; pair < 64; pair++) {
        const batch = rowsOf([pair % 8, pair >> 3], 3);
        const { gradient } = descent(named("trace"), terms({ ...setting, batch }), setting);
        gradient.forEach((x, k) => (total[k] += x / 64));
      }
      expect(Math.hypot(...expected)).toBeGreaterThan(0.1);
      expect(largestDifference(total, expected)).toBeLessThan(3e-6);
    });

    it("is zero for a batch of one row", () => {
      const layer = toSingle(randomRbm("binary", 3, 2, "one"));
      const setting = {
        layer,
        kernels,
        estimator: "cd",
        batch: rowsOf([5], 3),
        change: {},
        hamiltonian: randomHamiltonian(3),
      } as const;
      expect(descent(named("trace"), terms(setting), setting).gradient.every((x) => x === 0)).toBe(true);
    });
  });

  describe("with persistent chains", () => {
    const hamiltonian = randomHamiltonian(4);
    const chains = 20_000;

    it.each(["free-energy, literal", "free-energy, model", "hybrid"])(
      "in equilibrium, %s descends along the exact direction to sampling noise",
      (name) => {
        for (const units of unitTypes) {
          const layer = toSingle(randomRbm(units, 4, 3, `chains ${units}`, 0.4));
          const { p, q } = ensemble(layer, hamiltonian);
          const target = p;
          const exactly = {
            layer,
            kernels,
            estimator: "exact",
            batch: rowsOf([0], 4),
            change: { target },
            hamiltonian,
          } as const;
          const exact = descent(named(name), terms(exactly), exactly);
          const estimator = estimators.pcd({
            layer,
            kernels,
            arena: kernels.arena(),
            batchSize: 1,
            steps: 1,
            chains,
            key: seedKey("start"),
            target,
            hamiltonianOf: hamiltonianOf(hamiltonian),
          });
          const samples = estimator.modelSamples!;
          drawStates(q, samples, seedKey(`chains ${units}`));
          const { data, model } = estimator.phases(rowsOf([0], 4), seedKey("step"));
          const { gap } = terms(exactly);
          const found = descent(named(name), { data, model, gap }, exactly);
          const distance = Math.hypot(...found.gradient.map((x, k) => x - exact.gradient[k]));
          const noise = samplingNoise(layer, q, named(name), exactly, hamiltonian) / Math.sqrt(chains);
          expect(distance).toBeLessThan(2 * noise);
          expect(noise).toBeLessThan(0.1 * Math.hypot(...exact.gradient));
        }
      },
    );
  });

  it("the gauge data is the objective kl: the same direction to the bit where KL > 0", () => {
    const hamiltonian = randomHamiltonian(5);
    for (const [estimator, change] of [
      ["exact", { target: ensemble(randomRbm("spin", 5, 3, 0), hamiltonian).p }],
      ["pcd", {}],
    ] as const) {
      const layer = toSingle(randomRbm("spin", 5, 3, "same"));
      const batch = rowsOf([1, 2, 30, 4], 5);
      const setting = { layer, kernels, estimator, batch, change, hamiltonian };
      const [kl, data] = ["kl", "free-energy, data"].map((name) => {
        const direction = new Direction(layer, kernels, kernels.arena(), true);
        const { objective, gauge, mu } = named(name);
        const given = { ...terms(setting), gap: () => 100 };
        objectives[objective]({ gauge, mu }).descend(given, direction);
        return flat(direction);
      });
      expect(data).toEqual(kl);
    }
  });

  it("phases follow the parameters from one step to the next", () => {
    const hamiltonian = randomHamiltonian(4);
    const layer = toSingle(randomRbm("spin", 4, 3, "before"), kernels.arena());
    const other = toSingle(randomRbm("spin", 4, 3, "after"));
    for (const target of [null, ensemble(layer, hamiltonian).p]) {
      for (const name of ["kl", "free-energy, literal", "free-energy, model", "trace"]) {
        const batch = rowsOf([1, 7, 14], 4);
        const setup = {
          layer,
          kernels,
          arena: kernels.arena(),
          batchSize: 3,
          steps: 1,
          chains: 5,
          key: seedKey("start"),
          target,
          hamiltonianOf: hamiltonianOf(hamiltonian),
        };
        const found = (estimator: Estimator): number[] => {
          const h = hamiltonianOf(hamiltonian)(batch);
          const { data, model, logPartition } = estimator.phases(batch, seedKey("step"), h);
          const gap = (): number => (logPartition() ?? NaN) - 3;
          const direction = new Direction(layer, kernels, kernels.arena(), true);
          const { objective, gauge, mu } = named(name);
          objectives[objective]({ gauge, mu }).descend({ data, model, gap }, direction);
          return flat(direction);
        };
        const used = estimators.exact(setup);
        const before = found(used);
        layer.weights.set(other.weights);
        const after = found(used);
        expect(after, name).toEqual(found(estimators.exact(setup)));
        expect(after, name).not.toEqual(before);
        layer.weights.set(randomRbm("spin", 4, 3, "before").weights);
      }
    }
  });

  it("an objective asks for nothing but what it says it needs", () => {
    const hamiltonian = randomHamiltonian(4);
    const layer = toSingle(randomRbm("spin", 4, 3, "needs"));
    const change = { target: ensemble(layer, hamiltonian).p };
    const setting = {
      layer,
      kernels,
      estimator: "exact",
      batch: rowsOf([0], 4),
      change,
      hamiltonian,
    } as const;
    for (const objective of cases) {
      const { needs } = objectives[objective.objective](objective);
      const all = terms(setting);
      const refuse = (): never => {
        throw new Error("not needed");
      };
      const blind = { mismatch: refuse, addCovariance: refuse };
      const restricted: LossTerms = {
        data: needs.hamiltonian ? all.data : { ...all.data, ...blind },
        model:
          needs.model === "none"
            ? { addStatistics: refuse, ...blind }
            : needs.hamiltonian
              ? all.model
              : { ...all.model, ...blind },
        gap: needs.freeEnergy ? all.gap : refuse,
      };
      expect(() => descent(objective, restricted, setting), objective.name).not.toThrow();
    }
  });
});

describe("the step of the literal gauge", () => {
  const [kernels] = implementations;
  const hamiltonian = randomHamiltonian(5);
  const start = randomRbm("spin", 5, 3, "step", 0.2);
  const step = (target: number, rate: number): { before: number; after: number; length: number } => {
    const layer = toSingle(start);
    const setting = {
      layer,
      kernels,
      estimator: "exact",
      batch: rowsOf([0], 5),
      change: {},
      hamiltonian,
    } as const;
    const before = enumerateJoint(layer).logPartition - target;
    const direction = new Direction(layer, kernels, kernels.arena(), true);
    objectives["free-energy"](plain).descend({ ...terms(setting), gap: () => before }, direction);
    const moves = flat(direction).map((x) => rate * x);
    const after = flat(layer).reduce((rbm, _, k) => moved(rbm, k, moves[k]), start);
    return { before, after: enumerateJoint(after).logPartition - target, length: Math.hypot(...moves) };
  };
  const own = enumerateJoint(toSingle(start)).logPartition;

  it("shrinks a small gap by the factor 1 − rate, from both sides", () => {
    for (const gap of [0.01, -0.01]) {
      for (const rate of [0.1, 0.5, 1]) {
        const { before, after } = step(own - gap, rate);
        expect(before).toBeCloseTo(gap, 12);
        expect(Math.abs(after / before - (1 - rate))).toBeLessThan(0.05);
      }
    }
  });

  it("is never longer than rate · √|gap|/2", () => {
    for (const gap of [1e-4, 0.3, 5, 200, -0.3, -50]) {
      const { length } = step(own - gap, 1);
      expect(length).toBeLessThanOrEqual(0.5 * Math.sqrt(Math.abs(gap)) * (1 + 1e-6));
    }
  });
});

describe("the step of trace", () => {
  it("is never longer than rate · √Var_P(D)/2, however steep the loss", () => {
    const [kernels] = implementations;
    const hamiltonian = randomHamiltonian(5);
    const steepness = [0.1, 0.5, 1, 2].map((deviation) => {
      const layer = toSingle(randomRbm("spin", 5, 3, "steep", deviation));
      const { p, variance } = ensemble(layer, hamiltonian);
      const change = { target: p };
      const setting = {
        layer,
        kernels,
        estimator: "exact",
        batch: rowsOf([0], 5),
        change,
        hamiltonian,
      } as const;
      const { gradient, curvature } = descent(named("trace"), terms(setting), setting);
      const limit = Math.sqrt(variance) / 2;
      expect(Math.hypot(...gradient) / curvature).toBeLessThanOrEqual(limit * (1 + 1e-6));
      expect(curvature).toBeGreaterThanOrEqual(2);
      return Math.hypot(...gradient) / 2 / limit;
    });
    expect(Math.max(...steepness)).toBeGreaterThan(1.5);
  });
});

describe("what an objective needs and does not have", () => {
  const options = { gauge: "literal", mu: 1, estimator: "pcd" } as const;

  it("is nothing for kl, whatever is unknown", () => {
    const unmet = unmetNeeds(
      { ...options, objective: "kl", estimator: "cd" },
      { hamiltonian: false, freeEnergy: false },
    );
    expect(unmet).toEqual([]);
  });

  it.each(cases.slice(1))("is named with a remedy: $name", ({ objective, gauge }) => {
    const { needs } = objectives[objective]({ gauge, mu: 1 });
    const all = { ...options, objective, gauge };
    const unmet = unmetNeeds(all, { hamiltonian: false, freeEnergy: false });
    expect(unmet.map(({ kind }) => kind)).toEqual([
      ...(needs.freeEnergy ? ["freeEnergy"] : []),
      ...(needs.hamiltonian ? ["hamiltonian"] : []),
    ]);
    for (const { kind, message } of unmet) {
      expect(message).toContain(objective);
      if (kind === "freeEnergy") expect(message).toContain("--log-partition X±dX");
    }
    expect(unmetNeeds(all, {})).toEqual([]);
    const contrast = unmetNeeds({ ...all, estimator: "cd" }, {}).map(({ kind }) => kind);
    expect(contrast).toEqual(needs.model === "equilibrium" ? ["estimator"] : []);
  });
});

describe("averages of D", () => {
  const [kernels] = implementations;
  const batch = rowsOf([1, 2, 3], 5);
  const withoutHamiltonian = (estimator: EstimatorName, target: Float64Array | null) =>
    estimators[estimator]({
      layer: toSingle(randomRbm("spin", 5, 3, "no H")),
      kernels,
      arena: kernels.arena(),
      batchSize: 3,
      steps: 1,
      chains: 5,
      key: seedKey("start"),
      target,
      hamiltonianOf: null,
    }).phases(batch, seedKey("step"));

  it("are refused where H is not known", () => {
    for (const estimator of Object.keys(estimators) as EstimatorName[]) {
      for (const target of [null, new Float64Array(32).fill(1 / 32)]) {
        const { data, model } = withoutHamiltonian(estimator, target);
        expect(() => data.mismatch(), estimator).toThrow(DomainError);
        expect(() => model.mismatch(), estimator).toThrow(DomainError);
      }
    }
  });

  it("are ⟨D⟩ and Var D of either distribution", () => {
    const hamiltonian = randomHamiltonian(5);
    const layer = toSingle(randomRbm("binary", 5, 3, "mismatch"));
    const { p, q, d, variance } = ensemble(layer, hamiltonian);
    const change = { target: p };
    const { data, model } = terms({ layer, kernels, estimator: "exact", batch, change, hamiltonian });
    expect(data.mismatch().mean).toBeCloseTo(average(p, d), 12);
    expect(data.mismatch().variance).toBeCloseTo(variance, 11);
    expect(model.mismatch().mean).toBeCloseTo(average(q, d), 12);
    const empty = terms({ layer, kernels, estimator: "exact", batch, change: {}, hamiltonian });
    expect(empty.model.mismatch().mean).toBeCloseTo(average(q, d), 12);
    const rows = [1, 2, 3].map((state) => d[state]);
    const mean = rows.reduce((sum, x) => sum + x) / 3;
    expect(empty.data.mismatch().mean).toBeCloseTo(mean, 5);
    const spread = rows.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2;
    expect(empty.data.mismatch().variance).toBeCloseTo(spread, 5);
  });
});

describe.each(implementations)("the objective kl by the $name kernels", (kernels) => {
  it.each(Object.keys(estimators) as EstimatorName[])(
    "with %s is the data phase minus the model phase, each as it is alone",
    (estimator) => {
      for (const units of unitTypes) {
        const layer = toSingle(randomRbm(units, 5, 3, "both phases"), kernels.arena());
        const batch = rowsOf([1, 2, 30, 4, 5, 17, 7], 5);
        const setting = {
          layer,
          kernels,
          estimator,
          batch,
          change: { steps: 2 },
          hamiltonian: randomHamiltonian(5),
        };
        const { gradient } = descent(named("kl"), terms(setting), setting);
        const alone = (phase: "data" | "model"): number[] => {
          const direction = new Direction(layer, kernels, kernels.arena(), true);
          terms(setting)[phase].addStatistics(1, direction);
          return flat(direction);
        };
        const [data, model] = [alone("data"), alone("model")];
        const expected = data.map((x, k) => x - model[k]);
        expect(largestDifference(gradient, expected)).toBeLessThan(3e-7);
        expect(Math.hypot(...expected)).toBeGreaterThan(0.1);
        expect(largestDifference(data, jointAverages(layer, empirical(batch)))).toBeLessThan(1e-6);
      }
    },
  );
});
