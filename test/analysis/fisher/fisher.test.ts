import { describe, expect, it } from "vitest";
import { analyzeFisher } from "../../../src/analysis/fisher/analysis.js";
import { sampledEffectiveDimension } from "../../../src/analysis/fisher/effective-dimension.js";
import { fisherGram, parameterCount } from "../../../src/analysis/fisher/gram.js";
import { sampleModel } from "../../../src/analysis/fisher/model-samples.js";
import { enumeratedStates, type FisherKind, type FisherStates } from "../../../src/analysis/fisher/states.js";
import { stiffDirections } from "../../../src/analysis/fisher/stiff-directions.js";
import { DomainError } from "../../../src/errors/index.js";
import { bitMatrix, getBit, referenceKernels } from "../../../src/kernels/index.js";
import { seedKey } from "../../../src/random/index.js";
import { exactModelStatistics } from "../../../src/rbm/ensemble.js";
import { type Rbm, zeroRbm } from "../../../src/rbm/parameters.js";
import { symmetricEigen } from "../../../src/statistics/symmetric-eigen.js";
import { kernels } from "../../physics/kernels.js";
import { jointEnergy, randomRbm, toSingle, unitTypes, unitValues } from "../../rbm/oracle.js";
import { normals } from "../pca/random-data.js";

const kinds = ["marginal", "joint"] as const;

/** F = ⟨g gᵀ⟩ − ⟨g⟩⟨g⟩ᵀ element by element over all joint states, g = (v hᵀ, v, h), its mean given v for the marginal. */
function explicitFisher(rbm: Rbm, kind: FisherKind, bias: boolean): { matrix: Float64Array; size: number } {
  const { visible: n, hidden: m, units } = rbm;
  const states: { g: number[]; p: number }[] = [];
  for (let a = 0; a < 2 ** n; a++) {
    const v = unitValues(units, a, n);
    const given = Array.from({ length: 2 ** m }, (_, b) => {
      const h = unitValues(units, b, m);
      return { h, p: Math.exp(-jointEnergy(rbm, v, h)) };
    });
    const total = given.reduce((sum, { p }) => sum + p, 0);
    const features = (h: number[]): number[] => [
      ...v.flatMap((vi) => h.map((hj) => vi * hj)),
      ...(bias ? [...v, ...h] : []),
    ];
    if (kind === "joint") states.push(...given.map(({ h, p }) => ({ g: features(h), p })));
    else {
      const mean = unitValues(units, 0, m).map((_, j) =>
        given.reduce((sum, { h, p }) => sum + (h[j] * p) / total, 0),
      );
      states.push({ g: features(mean), p: total });
    }
  }
  const z = states.reduce((sum, { p }) => sum + p, 0);
  const size = states[0].g.length;
  const mean = new Float64Array(size);
  for (const { g, p } of states) g.forEach((x, k) => (mean[k] += (x * p) / z));
  const matrix = new Float64Array(size * size);
  for (const { g, p } of states) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) matrix[a * size + b] += (p / z) * (g[a] - mean[a]) * (g[b] - mean[b]);
    }
  }
  return { matrix, size };
}

function gramEigen(states: FisherStates, rbm: Rbm, bias: boolean): ReturnType<typeof symmetricEigen> {
  const { visible, hidden } = rbm;
  return symmetricEigen(fisherGram(states, { visible, hidden, bias }), states.count);
}

describe("the Fisher matrix by the Gram method", () => {
  for (const units of unitTypes) {
    for (const kind of kinds) {
      for (const bias of [true, false]) {
        it(`has the eigenvalues and eigenvectors of the explicit covariance: ${units} units, ${kind}, ${bias ? "biases" : "weights only"}`, () => {
          const rbm = randomRbm(units, 4, 3, `fisher ${units}`, 0.6);
          const { matrix, size } = explicitFisher(rbm, kind, bias);
          const expected = symmetricEigen(matrix, size).values;
          const states = enumeratedStates(rbm, kind, referenceKernels);
          const gram = gramEigen(states, rbm, bias);
          for (let k = 0; k < Math.max(size, states.count); k++) {
            expect(Math.abs((gram.values[k] ?? 0) - (expected[k] ?? 0))).toBeLessThan(1e-8);
          }
          const shape = { visible: 4, hidden: 3, bias };
          expect(parameterCount(shape)).toBe(size);
          const directions = stiffDirections(states, shape, gram, 5);
          expect(directions).toHaveLength(5);
          for (const { eigenvalue, weights, visibleBias, hiddenBias } of directions) {
            const u = [...weights, ...(bias ? [...visibleBias, ...hiddenBias] : [])];
            expect(u.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 8);
            for (let a = 0; a < size; a++) {
              const image = u.reduce((sum, x, b) => sum + matrix[a * size + b] * x, 0);
              expect(Math.abs(image - eigenvalue * u[a])).toBeLessThan(1e-8);
            }
            if (!bias) expect([...visibleBias, ...hiddenBias].every((x) => x === 0)).toBe(true);
          }
        });
      }
    }
  }

  it("is the identity for the joint distribution at W = 0, and for the marginal singular: one for every visible bias", () => {
    const rbm = zeroRbm("spin", 3, 4);
    const joint = gramEigen(enumeratedStates(rbm, "joint", referenceKernels), rbm, true);
    joint.values.forEach((value, k) => {
      expect(value).toBeCloseTo(k < 3 * 4 + 3 + 4 ? 1 : 0, 12);
    });
    const marginal = gramEigen(enumeratedStates(rbm, "marginal", referenceKernels), rbm, true);
    marginal.values.forEach((value, k) => {
      expect(value).toBeCloseTo(k < 3 ? 1 : 0, 12);
    });
    const weights = gramEigen(enumeratedStates(rbm, "marginal", referenceKernels), rbm, false);
    for (const value of weights.values) expect(Math.abs(value)).toBeLessThan(1e-14);
  });

  it("from samples is the covariance of these samples", () => {
    const [count, n, m] = [40, 5, 3];
    const visible = normals(count * n, "v");
    const hidden = normals(count * m, "t");
    const gram = symmetricEigen(
      fisherGram({ count, visible, hidden, probabilities: null }, { visible: n, hidden: m, bias: true }),
      count,
    );
    const size = n * m + n + m;
    const rows = Array.from({ length: count }, (_, s) => {
      const v = [...visible.subarray(s * n, (s + 1) * n)];
      const t = [...hidden.subarray(s * m, (s + 1) * m)];
      return [...v.flatMap((x) => t.map((y) => x * y)), ...v, ...t];
    });
    const mean = rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / count);
    const matrix = Float64Array.from({ length: size * size }, (_, k) => {
      const [a, b] = [Math.floor(k / size), k % size];
      return rows.reduce((sum, row) => sum + (row[a] - mean[a]) * (row[b] - mean[b]), 0) / count;
    });
    const expected = symmetricEigen(matrix, size).values;
    for (let k = 0; k < size; k++) expect(gram.values[k]).toBeCloseTo(expected[k], 10);
  });

  it("refuses to enumerate what is too large", () => {
    const rbm = zeroRbm("spin", 6, 5);
    expect(() => enumeratedStates(rbm, "joint", referenceKernels)).toThrow(DomainError);
    expect(enumeratedStates(rbm, "marginal", referenceKernels).count).toBe(64);
  });
});

describe("the leading pattern of a direction", () => {
  it.each([
    [3, 5],
    [5, 3],
  ])("is the leading pair of singular vectors (%i × %i)", (visible, hidden) => {
    const rbm = randomRbm("spin", visible, hidden, "pattern", 0.5);
    const states = enumeratedStates(rbm, "marginal", referenceKernels);
    const [first] = stiffDirections(states, { visible, hidden, bias: true }, gramEigen(states, rbm, true), 1);
    const norm = first.weights.reduce((sum, x) => sum + x * x, 0);
    let product = 0;
    let rest = 0;
    const sigma = Math.sqrt(first.patternShare * norm);
    const sign = Math.sign(
      first.weights.reduce(
        (sum, w, k) =>
          sum + w * first.visiblePattern[Math.floor(k / hidden)] * first.hiddenPattern[k % hidden],
        0,
      ),
    );
    first.weights.forEach((w, k) => {
      const outer = first.visiblePattern[Math.floor(k / hidden)] * first.hiddenPattern[k % hidden];
      product += w * outer;
      rest += (w - sign * sigma * outer) ** 2;
    });
    expect(sign).toBe(1);
    expect(product).toBeCloseTo(sigma, 10);
    expect(rest).toBeCloseTo((1 - first.patternShare) * norm, 10);
    expect(Math.max(...first.visiblePattern)).toBe(Math.max(...first.visiblePattern.map(Math.abs)));
  });
});

describe("the effective dimension", () => {
  it("without bias is (Tr F)²/Tr F² of Gaussian features, where the plain one is cut off by the samples", () => {
    // Features are the visible units alone: t = 0, and v Gaussian with variances λ_k = 1/(1 + k/10).
    const [count, n, trials] = [12, 60, 400];
    const variances = Array.from({ length: n }, (_, k) => 1 / (1 + k / 10));
    const trace = variances.reduce((sum, x) => sum + x, 0);
    const squares = variances.reduce((sum, x) => sum + x * x, 0);
    let inverse = 0;
    let plain = 0;
    for (let trial = 0; trial < trials; trial++) {
      const visible = normals(count * n, "features", trial).map((z, k) => z * Math.sqrt(variances[k % n]));
      const states = { count, visible, hidden: new Float64Array(count), probabilities: null };
      const found = sampledEffectiveDimension(
        fisherGram(states, { visible: n, hidden: 1, bias: true }),
        count,
      );
      // Tr F² itself, whose estimate is unbiased.
      inverse += found.trace ** 2 / found.unbiased / trials;
      plain += found.plugIn / trials;
    }
    expect(inverse / squares).toBeGreaterThan(0.95);
    expect(inverse / squares).toBeLessThan(1.05);
    expect(plain).toBeLessThan(count);
    expect(trace ** 2 / squares).toBeGreaterThan(30);
  });
});

describe("model samples", () => {
  const rbm = toSingle(randomRbm("spin", 6, 4, "samples", 0.5));

  it("have the averages of the model, v and h jointly", async () => {
    const samples = 20000;
    const { marginal, joint } = await sampleModel(
      rbm,
      null,
      { samples, steps: 30 },
      seedKey("chains"),
      kernels,
    );
    const exact = exactModelStatistics(rbm, referenceKernels);
    expect(joint.visible).toBe(marginal.visible);
    for (const { hidden } of [marginal, joint]) {
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 4; j++) {
          let mean = 0;
          for (let s = 0; s < samples; s++)
            mean += (marginal.visible[s * 6 + i] * hidden[s * 4 + j]) / samples;
          expect(Math.abs(mean - exact.weights[i * 4 + j])).toBeLessThan(4.5 / Math.sqrt(samples));
        }
      }
    }
  });

  it("depend on key and counts alone, and start from the rows given", async () => {
    const counts = { samples: 50, steps: 3 };
    const one = await sampleModel(rbm, null, counts, seedKey("a"), kernels);
    expect(await sampleModel(rbm, null, counts, seedKey("a"), kernels)).toEqual(one);
    expect((await sampleModel(rbm, null, counts, seedKey("a"), referenceKernels)).joint).toEqual(one.joint);
    expect(await sampleModel(rbm, null, counts, seedKey("b"), kernels)).not.toEqual(one);
    // Units that cannot leave their state keep the one they started in.
    const frozen = zeroRbm("spin", 3, 3);
    for (let i = 0; i < 3; i++) frozen.weights[4 * i] = 20;
    const start = bitMatrix(2, 3);
    start.words.set([0b101, 0b010]);
    const { joint } = await sampleModel(frozen, start, { samples: 5, steps: 4 }, seedKey("a"), kernels);
    for (let s = 0; s < 5; s++) {
      for (let i = 0; i < 3; i++) expect(joint.visible[3 * s + i]).toBe(2 * getBit(start, s % 2, i) - 1);
    }
  });

  it("need two samples and a step", async () => {
    for (const counts of [
      { samples: 1, steps: 5 },
      { samples: 10, steps: 0 },
      { samples: 2.5, steps: 1 },
    ]) {
      await expect(sampleModel(rbm, null, counts, seedKey("a"), kernels)).rejects.toThrow(DomainError);
    }
  });
});

describe("the whole analysis", () => {
  const options = { samples: 400, steps: 20, bias: true, start: null, directions: 2, key: seedKey("fisher") };

  it("is exact where states are few, and samples elsewhere, beside half as many", async () => {
    const small = await analyzeFisher(toSingle(randomRbm("spin", 5, 4, "small")), options, kernels);
    expect([small.marginal.exact, small.joint.exact, small.joint.samples]).toEqual([true, true, 512]);
    expect(small.joint.halved).toBeNull();
    expect(small.joint.eigenvalues).toHaveLength(5 * 4 + 5 + 4);

    const larger = await analyzeFisher(toSingle(randomRbm("spin", 30, 10, "larger", 0.1)), options, kernels);
    const { joint, marginal } = larger;
    expect([joint.exact, joint.samples, joint.parameters]).toEqual([false, 400, 340]);
    expect(joint.eigenvalues).toHaveLength(340);
    expect(joint.halved).toHaveLength(199);
    expect(joint.directions).toHaveLength(2);
    // Tr F of the joint distribution is nm + n + m − |⟨g⟩|²: most of it at weights as small as these.
    expect(joint.dimension.trace).toBeGreaterThan(300);
    expect(joint.dimension.trace).toBeLessThan(341);
    expect(joint.dimension.unbiased).toBeGreaterThan(joint.dimension.plugIn);
    expect(marginal.eigenvalues[0]).toBeGreaterThan(marginal.eigenvalues[100]);
    expect(await analyzeFisher(toSingle(randomRbm("spin", 30, 10, "larger", 0.1)), options, kernels)).toEqual(
      larger,
    );
  });

  it("from samples converges to the exact spectrum", async () => {
    const rbm = toSingle(randomRbm("spin", 11, 3, "converges", 0.4));
    const { matrix, size } = explicitFisher(rbm, "marginal", false);
    const expected = symmetricEigen(matrix, size).values;
    const { marginal: found } = await analyzeFisher(
      rbm,
      { ...options, samples: 1200, steps: 50, bias: false },
      kernels,
    );
    expect(found.exact).toBe(false);
    // A leading eigenvalue has a relative error of about √(2/1200) = 0.04.
    for (let k = 0; k < 5; k++) expect(Math.abs(found.eigenvalues[k] / expected[k] - 1)).toBeLessThan(0.2);
    const trace = expected.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(found.dimension.trace / trace - 1)).toBeLessThan(0.1);
    const dimension = trace ** 2 / expected.reduce((sum, value) => sum + value ** 2, 0);
    expect(Math.abs(found.dimension.unbiased / dimension - 1)).toBeLessThan(0.1);
  });
});
