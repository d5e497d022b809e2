import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { encodeNpy } from "../../src/io/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { symmetricEigen, symmetricEigenvalues } from "../../src/statistics/symmetric-eigen.js";
import { describeWithNumpy, python } from "../io/numpy.js";
import { temporaryFolder } from "../io/temporary.js";

type Entry = (i: number, j: number) => number;

function matrixOf(size: number, entry: Entry): Float64Array {
  return Float64Array.from({ length: size * size }, (_, k) => entry(Math.floor(k / size), k % size));
}

/** Columns × columnsᵀ for N(0, 1) numbers: rank min(size, columns). */
function randomGram(size: number, columns: number, seed: string): Float64Array {
  const rows = new Float64Array(size * columns);
  fillStandardNormal(seedKey(seed), rows);
  return matrixOf(size, (i, j) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += rows[i * columns + k] * rows[j * columns + k];
    return sum;
  });
}

function randomSymmetric(size: number, seed: string): Float64Array {
  const values = new Float64Array(size * size);
  fillStandardNormal(seedKey(seed), values);
  return matrixOf(size, (i, j) => values[Math.max(i, j) * size + Math.min(i, j)]);
}

/** Orthonormality, A u = θ u, descending order, the sign rule, and the eigenvalues alone. */
function expectDecomposition(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size);
  const norm = Math.max(...matrix.map(Math.abs)) * size || 1;
  const tolerance = 4e-15 * Math.sqrt(size);
  for (let k = 0; k < size; k++) {
    const u = vectors.subarray(k * size, (k + 1) * size);
    for (let l = 0; l <= k; l++) {
      let dot = 0;
      for (let i = 0; i < size; i++) dot += u[i] * vectors[l * size + i];
      expect(Math.abs(dot - (k === l ? 1 : 0))).toBeLessThan(tolerance);
    }
    for (let i = 0; i < size; i++) {
      let image = 0;
      for (let j = 0; j < size; j++) image += matrix[i * size + j] * u[j];
      expect(Math.abs(image - values[k] * u[i]) / norm).toBeLessThan(tolerance);
    }
    if (k > 0) expect(values[k]).toBeLessThanOrEqual(values[k - 1]);
    const peak = Math.max(...u.map(Math.abs));
    expect(u.find((x) => Math.abs(x) >= peak * (1 - 1e-9))).toBeGreaterThan(0);
  }
  const alone = symmetricEigenvalues(matrix, size);
  alone.forEach((value, k) => {
    expect(Math.abs(value - values[k]) / norm).toBeLessThan(tolerance);
  });
  return values;
}

describe("symmetric eigen-decomposition", () => {
  it.each([1, 2, 3, 4, 5, 7, 16, 33, 90])("of random matrices of size %i", (size) => {
    const matrix = randomSymmetric(size, `eigen ${size}`);
    const values = expectDecomposition(matrix, size);
    let trace = 0;
    for (let i = 0; i < size; i++) trace += matrix[i * size + i];
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
  });

  it("agrees with closed forms: 2 × 2, and the path and ring Laplacians (pairs of equal eigenvalues)", () => {
    const values = expectDecomposition(Float64Array.of(2, 3, 3, -1), 2);
    expect(values[0]).toBeCloseTo((1 + Math.sqrt(45)) / 2, 14);
    expect(values[1]).toBeCloseTo((1 - Math.sqrt(45)) / 2, 14);
    const size = 40;
    const path = matrixOf(size, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));
    expectDecomposition(path, size).forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (size - k)) / (size + 1)), 13);
    });
    const ring = matrixOf(size, (i, j) => (i === j ? 2 : [1, size - 1].includes(Math.abs(i - j)) ? -1 : 0));
    const exact = Array.from({ length: size }, (_, k) => 2 - 2 * Math.cos((2 * Math.PI * k) / size));
    const ordered = exact.sort((a, b) => b - a);
    expectDecomposition(ring, size).forEach((value, k) => {
      expect(value).toBeCloseTo(ordered[k], 13);
    });
  });

  it("of degenerate matrices: zero, the identity, blocks, a projector, all ones", () => {
    expect([...expectDecomposition(new Float64Array(25), 5)]).toEqual([0, 0, 0, 0, 0]);
    expect([
      ...expectDecomposition(
        matrixOf(6, (i, j) => (i === j ? 1 : 0)),
        6,
      ),
    ]).toEqual([1, 1, 1, 1, 1, 1]);
    const blocks = matrixOf(30, (i, j) => (Math.floor(i / 3) === Math.floor(j / 3) ? 1 : 0));
    expectDecomposition(blocks, 30).forEach((value, k) => {
      expect(value).toBeCloseTo(k < 10 ? 3 : 0, 13);
    });
    expectDecomposition(
      matrixOf(50, () => 1),
      50,
    ).forEach((value, k) => {
      expect(value).toBeCloseTo(k === 0 ? 50 : 0, 12);
    });
    const { vectors } = symmetricEigen(randomSymmetric(20, "basis"), 20);
    const projector = matrixOf(20, (i, j) => {
      let sum = 0;
      for (let k = 0; k < 7; k++) sum += vectors[k * 20 + i] * vectors[k * 20 + j];
      return sum;
    });
    expectDecomposition(projector, 20).forEach((value, k) => {
      expect(value).toBeCloseTo(k < 7 ? 1 : 0, 13);
    });
  });

  it("of matrices without full rank: as many zeros as are missing", () => {
    const values = expectDecomposition(randomGram(60, 17, "rank"), 60);
    expect(values[16]).toBeGreaterThan(1);
    for (const value of values.subarray(17)) expect(Math.abs(value)).toBeLessThan(1e-12 * values[0]);
  });

  it.each([
    [100, 3],
    [90, 5],
  ])("of a Gram matrix of %i rows of %i signs, most of which repeat others", (size, columns) => {
    const signs = new Float64Array(size * columns);
    fillStandardNormal(seedKey("signs"), signs);
    const gram = matrixOf(size, (i, j) => {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += Math.sign(signs[i * columns + k] * signs[j * columns + k]);
      return (0.1 * sum * sum) / size;
    });
    // (v·v')² is a sum over pairs of columns: of rank 1 + columns (columns − 1)/2 at most.
    const values = expectDecomposition(gram, size);
    const rank = 1 + (columns * (columns - 1)) / 2;
    for (const value of values.subarray(rank)) expect(Math.abs(value)).toBeLessThan(1e-14);
    expect(values[rank - 1]).toBeGreaterThan(0.01);
  });

  it("separates the nearly equal eigenvalues of Wilkinson's W21+", () => {
    const matrix = matrixOf(21, (i, j) => (i === j ? Math.abs(i - 10) : Math.abs(i - j) === 1 ? 1 : 0));
    const values = expectDecomposition(matrix, 21);
    expect(values[0]).toBeCloseTo(10.746194182903393, 13);
    expect(values[1]).toBeCloseTo(10.746194182903322, 13);
    expect(values[2]).toBeCloseTo(9.210678647361332, 13);
    expect(values[20]).toBeCloseTo(-1.125441522119984, 13);
  });

  it.each([1e-290, 1e-150, 1e150, 1e290])("is free of overflow and underflow at scale %s", (scale) => {
    const size = 12;
    const base = symmetricEigen(randomSymmetric(size, "scale"), size).values;
    const scaled = randomSymmetric(size, "scale").map((value) => value * scale);
    symmetricEigen(scaled, size).values.forEach((value, k) => {
      expect(value / scale).toBeCloseTo(base[k], 12);
    });
  });

  it("reads the lower triangle only, leaves its input alone and gives the same bits again", () => {
    const matrix = randomSymmetric(30, "again");
    const lower = matrix.map((value, k) => (k % 30 > Math.floor(k / 30) ? 99 : value));
    const copy = lower.slice();
    const first = symmetricEigen(lower, 30);
    expect(lower).toEqual(copy);
    expect(symmetricEigen(matrix, 30)).toEqual(first);
  });

  it("refuses what is no matrix of finite numbers", () => {
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow(DomainError);
    expect(() => symmetricEigenvalues(new Float64Array(0), 0)).toThrow(/size ≥ 1/);
    expect(() => symmetricEigen(Float64Array.of(1, 0, NaN, 1), 2)).toThrow(/entry \(1, 0\) is NaN/);
  });
});

const EIGH = `
import json, sys, numpy
print(json.dumps([list(map(float, numpy.linalg.eigvalsh(numpy.load(path))[::-1])) for path in sys.argv[1:]]))
`;

describeWithNumpy("NumPy's eigvalsh", () => {
  it("finds the same eigenvalues of random, degenerate and rank-deficient matrices", () => {
    const folder = temporaryFolder();
    const cases: readonly (readonly [Float64Array, number])[] = [
      [randomSymmetric(150, "numpy"), 150],
      [randomGram(120, 40, "numpy"), 120],
      [randomGram(100, 1000, "numpy"), 100],
      [matrixOf(81, (i, j) => Number(Math.floor(i / 9) === Math.floor(j / 9)) + Number(i % 9 === j % 9)), 81],
      [matrixOf(60, (i, j) => 1 / (i + j + 1)), 60],
      [new Float64Array(49), 7],
    ];
    const paths = cases.map(([matrix, size], k) => {
      const path = join(folder, `${k}.npy`);
      writeFileSync(path, encodeNpy(matrix, [size, size]));
      return path;
    });
    const found = JSON.parse(python(EIGH, ...paths)) as number[][];
    cases.forEach(([matrix, size], index) => {
      const { values } = symmetricEigen(matrix, size);
      const scale = Math.max(1e-300, Math.abs(values[0]), Math.abs(values[size - 1]));
      values.forEach((value, k) => {
        expect(Math.abs(value - found[index][k]) / scale).toBeLessThan(1e-13);
      });
    });
  });
});
