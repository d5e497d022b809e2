import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import {
  type BitMatrix,
  bitMatrix,
  type Kernels,
  type LayerArrays,
  referenceKernels,
  rowRange,
} from "../../src/kernels/index.js";
import { deriveKey, seedKey } from "../../src/random/index.js";
import { Direction } from "../../src/rbm/direction.js";
import { estimators, type EstimatorSetup, type Phases } from "../../src/rbm/estimators/index.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import {
  drawStates,
  enumerateJoint,
  flat,
  jointAverages,
  largestDifference,
  randomDistribution,
  randomRbm,
  toSingle,
  unitTypes,
  unitValues,
} from "./oracle.js";
import { implementations } from "./training.js";

const names = Object.keys(estimators) as (keyof typeof estimators)[];
const combinations = implementations.flatMap((kernels) =>
  names.map((name) => ({ name, kernels, implementation: kernels.name })),
);

function setup(layer: LayerArrays, kernels: Kernels, changes: Partial<EstimatorSetup> = {}): EstimatorSetup {
  return {
    layer,
    kernels,
    arena: kernels.arena(),
    batchSize: 10,
    steps: 1,
    chains: 20,
    key: seedKey("start"),
    target: null,
    hamiltonianOf: null,
    ...changes,
  };
}

/** What one phase adds to a zero direction. */
function added(layer: LayerArrays, kernels: Kernels, add: (direction: Direction) => void): number[] {
  const direction = new Direction(layer, kernels, kernels.arena(), true);
  add(direction);
  return flat(direction);
}

function dataPhase(layer: LayerArrays, kernels: Kernels, phases: Phases): number[] {
  return added(layer, kernels, (direction) => {
    phases.data.addStatistics(1, direction);
  });
}

function modelPhase(layer: LayerArrays, kernels: Kernels, phases: Phases): number[] {
  return added(layer, kernels, (direction) => {
    phases.model.addStatistics(1, direction);
  });
}

/** The distribution of the rows of a matrix. */
function empirical(rows: BitMatrix): Float64Array {
  const p = new Float64Array(2 ** rows.columns);
  rows.words.forEach((state) => (p[state] += 1 / rows.rows));
  return p;
}

function batchOf(states: readonly number[], columns: number): BitMatrix {
  const batch = bitMatrix(states.length, columns);
  batch.words.set(states);
  return batch;
}

describe.each(combinations)("the data phase of $name by the $implementation kernels", ({ name, kernels }) => {
  it("is the average over the rows of the batch, a short one too", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 5, 3, "data"));
      const estimator = estimators[name](setup(layer, kernels));
      for (const batch of [
        batchOf([1, 2, 30, 4, 5, 17, 7, 21, 9, 11], 5),
        batchOf([3, 9, 3, 27, 12, 31, 0], 5),
        batchOf([19], 5),
      ]) {
        const phases = estimator.phases(batch, seedKey("step"));
        const found = dataPhase(layer, kernels, phases);
        expect(largestDifference(found, jointAverages(layer, empirical(batch)))).toBeLessThan(1e-6);
      }
    }
  });

  it("does not lose digits in a large batch of equal rows, whose rounding errors may all point the same way", () => {
    const layer = toSingle(randomRbm("spin", 5, 3, "large batch"));
    const rows = 100_000;
    const batch = bitMatrix(rows, 5);
    batch.words.fill(13);
    const phases = estimators[name](setup(layer, kernels, { batchSize: rows })).phases(
      batch,
      seedKey("step"),
    );
    const found = dataPhase(layer, kernels, phases);
    const expected = jointAverages(layer, empirical(batch));
    expect(largestDifference(found.slice(15), expected.slice(15))).toBeLessThan(1e-6);
    // wasm: ten rows at a time on a sum in single precision, at most 2^−25 lost each time
    const lost = kernels.name === "reference" ? 1e-6 : (rows / 10) * 2 ** -25;
    expect(largestDifference(found, expected)).toBeLessThan(lost);
  });

  it("is the exact average over the target distribution if there is one", () => {
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units, 5, 3, "target"));
      const target = randomDistribution(5, "target");
      const estimator = estimators[name](setup(layer, kernels, { target }));
      const phases = estimator.phases(batchOf([1, 2, 3], 5), seedKey("step"));
      const found = dataPhase(layer, kernels, phases);
      expect(largestDifference(found, jointAverages(layer, target))).toBeLessThan(1e-6);
    }
  });

  it("is added with its weight to what is there", () => {
    const layer = toSingle(randomRbm("spin", 5, 3, "weight"));
    const batch = batchOf([3, 9, 27], 5);
    const phases = estimators[name](setup(layer, kernels)).phases(batch, seedKey("step"));
    const found = added(layer, kernels, (direction) => {
      direction.weights.fill(1);
      direction.visibleBias.fill(2);
      direction.hiddenBias.fill(3);
      phases.data.addStatistics(-2.5, direction);
    });
    const before = [...new Array<number>(15).fill(1), ...new Array<number>(5).fill(2), 3, 3, 3];
    const expected = jointAverages(layer, empirical(batch)).map((x, k) => before[k] - 2.5 * x);
    expect(largestDifference(found, expected)).toBeLessThan(1e-6);
  });
});

/** P(v' | v) of one block Gibbs update, row v: Σ_h P(h|v) P(v'|h). */
function gibbsMatrix(layer: LayerArrays): Float64Array[] {
  const { joint, visible, hidden } = enumerateJoint(layer);
  const states = visible.length;
  return Array.from(visible, (pv, v) =>
    Float64Array.from(visible, (_, after) =>
      hidden.reduce((sum, ph, h) => sum + ((joint[v + states * h] / pv) * joint[after + states * h]) / ph, 0),
    ),
  );
}

/** The distribution after `steps` updates from `start`. */
function evolved(matrix: readonly Float64Array[], start: Float64Array, steps: number): Float64Array {
  let p = start;
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(p.length);
    p.forEach((weight, v) => {
      matrix[v].forEach((t, after) => (next[after] += weight * t));
    });
    p = next;
  }
  return p;
}

/** Standard error of each average over `count` independent rows from q, with ⟨h⟩ given v in place of h. */
function standardErrors(layer: LayerArrays, q: Float64Array, count: number): number[] {
  const means = jointAverages(layer, q);
  const variances = new Array<number>(means.length).fill(0);
  q.forEach((p, state) => {
    const point = new Float64Array(q.length);
    point[state] = 1;
    jointAverages(layer, point).forEach((x, k) => (variances[k] += p * (x - means[k]) ** 2));
  });
  return variances.map((variance) => Math.sqrt(variance / count));
}

function largestDeviation(
  found: readonly number[],
  expected: readonly number[],
  errors: readonly number[],
): number {
  return found.reduce((worst, x, k) => Math.max(worst, Math.abs(x - expected[k]) / errors[k]), 0);
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, k) => x - b[k]));

describe.each(implementations)(
  "the model phase of contrastive divergence by the $name kernels",
  (kernels) => {
    const rows = 20_000;

    it("after k steps is the average over T^k from the data, and approaches the model's as k grows", () => {
      for (const units of unitTypes) {
        const layer = toSingle(randomRbm(units, 4, 3, `cd ${units}`, 1));
        const matrix = gibbsMatrix(layer);
        const start = new Float64Array(16);
        start[5] = 1;
        const batch = bitMatrix(rows, 4);
        batch.words.fill(5);
        const exact = jointAverages(layer, enumerateJoint(layer).visible);
        const biases: number[] = [];
        for (const steps of [1, 2, 4, 8, 40]) {
          const estimator = estimators.cd(setup(layer, kernels, { batchSize: rows, steps }));
          const phases = estimator.phases(batch, seedKey(`cd ${steps}`));
          const found = modelPhase(layer, kernels, phases);
          const q = evolved(matrix, start, steps);
          const errors = standardErrors(layer, q, rows);
          expect(largestDeviation(found, jointAverages(layer, q), errors), `CD-${steps}`).toBeLessThan(4);
          if (steps === 40) expect(largestDeviation(found, exact, errors)).toBeLessThan(4);
          biases.push(distance(found, exact));
        }
        const noise = Math.hypot(...standardErrors(layer, enumerateJoint(layer).visible, rows));
        expect(biases[0]).toBeGreaterThan(10 * noise);
        for (let k = 1; k < 4; k++) expect(biases[k]).toBeLessThan(biases[k - 1] + 2 * noise);
        expect(biases[3]).toBeLessThan(0.5 * biases[0]);
      }
    });

    it("is the model's average at every k if the data are the model's", () => {
      const layer = toSingle(randomRbm("spin", 4, 3, "equilibrium", 1));
      const { visible } = enumerateJoint(layer);
      const batch = bitMatrix(rows, 4);
      drawStates(visible, batch, seedKey("rows"));
      for (const steps of [1, 3]) {
        const phases = estimators
          .cd(setup(layer, kernels, { batchSize: rows, steps }))
          .phases(batch, seedKey(steps));
        const found = modelPhase(layer, kernels, phases);
        const errors = standardErrors(layer, visible, rows);
        expect(largestDeviation(found, jointAverages(layer, visible), errors)).toBeLessThan(4);
      }
    });

    it("has no samples of the model to show: its reconstructions are near the data", () => {
      const layer = toSingle(randomRbm("binary", 5, 3, "reported"));
      expect(estimators.cd(setup(layer, kernels, { steps: 2 })).modelSamples).toBeNull();
    });
  },
);

describe.each(implementations)(
  "the model phase of persistent contrastive divergence by the $name kernels",
  (kernels) => {
    const chains = 20_000;

    it("after u updates of k steps is the average over T^{uk} from the uniform distribution, and reaches the model's", () => {
      for (const units of unitTypes) {
        const layer = toSingle(randomRbm(units, 4, 3, `cd ${units}`, 1));
        const matrix = gibbsMatrix(layer);
        const uniform = new Float64Array(16).fill(1 / 16);
        const exact = jointAverages(layer, enumerateJoint(layer).visible);
        const steps = 2;
        const estimator = estimators.pcd(setup(layer, kernels, { chains, steps }));
        const biases: number[] = [];
        for (let update = 1; update <= 20; update++) {
          const phases = estimator.phases(batchOf([0], 4), deriveKey(seedKey("pcd"), "gibbsChain", update));
          const found = modelPhase(layer, kernels, phases);
          if (![1, 2, 4, 20].includes(update)) continue;
          const q = evolved(matrix, uniform, update * steps);
          const errors = standardErrors(layer, q, chains);
          expect(largestDeviation(found, jointAverages(layer, q), errors), `update ${update}`).toBeLessThan(
            4,
          );
          if (update === 20) expect(largestDeviation(found, exact, errors)).toBeLessThan(4);
          biases.push(distance(found, exact));
        }
        const noise = Math.hypot(...standardErrors(layer, enumerateJoint(layer).visible, chains));
        for (let k = 1; k < biases.length; k++) expect(biases[k]).toBeLessThan(biases[k - 1] + 2 * noise);
        expect(biases[3]).toBeLessThan(4 * noise);
      }
    });

    it("has its own number of chains, which start from its key and ignore the batch", () => {
      const layer = toSingle(randomRbm("spin", 5, 3, "chains"));
      const run = (batch: BitMatrix, key: string): number[] => {
        const estimator = estimators.pcd(setup(layer, kernels, { chains: 50, key: seedKey(key) }));
        expect(estimator.modelSamples?.rows).toBe(50);
        return modelPhase(layer, kernels, estimator.phases(batch, seedKey("s")));
      };
      expect(run(batchOf([1, 2], 5), "a")).toEqual(run(batchOf([31], 5), "a"));
      expect(run(batchOf([1, 2], 5), "a")).not.toEqual(run(batchOf([1, 2], 5), "b"));
    });
  },
);

describe("the exact model phase", () => {
  const kernels = referenceKernels;

  it("is the joint average, whichever layer is smaller", () => {
    for (const units of unitTypes) {
      for (const hidden of [2, 5, 7]) {
        const layer = toSingle(randomRbm(units, 5, hidden, "exact"));
        const estimator = estimators.exact(setup(layer, kernels));
        const found = modelPhase(layer, kernels, estimator.phases(batchOf([1], 5), seedKey("step")));
        const expected = jointAverages(layer, enumerateJoint(layer).visible);
        expect(largestDifference(found, expected)).toBeLessThan(1e-6);
        expect(estimator.modelSamples).toBeNull();
      }
    }
  });

  it("refuses layers whose smaller side is above 20 units", () => {
    expect(() => estimators.exact(setup(zeroRbm("spin", 21, 22), kernels))).toThrow(DomainError);
    expect(() => estimators.exact(setup(zeroRbm("spin", 21, 22), kernels))).toThrow(/21 × 22.*cd or pcd/);
  });
});

describe.each(implementations)("a batch that shares another matrix's words", (kernels) => {
  it("counts its own rows only", () => {
    const layer = toSingle(randomRbm("spin", 5, 3, "shared"));
    const whole = batchOf([1, 2, 30, 4, 5, 17, 7, 21, 9, 11], 5);
    const phases = estimators.cd(setup(layer, kernels)).phases(rowRange(whole, 2, 3), seedKey("step"));
    const found = dataPhase(layer, kernels, phases);
    const expected = jointAverages(layer, empirical(batchOf([30, 4, 5], 5)));
    expect(largestDifference(found, expected)).toBeLessThan(1e-6);
    expect(unitValues("spin", 30, 5)).toEqual([-1, 1, 1, 1, 1]);
  });
});
