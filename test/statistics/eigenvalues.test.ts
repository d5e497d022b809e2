import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { type Eigenvalue, eigenvalues } from "../../src/statistics/index.js";

/** The smallest pivot of A − λ in complex elimination: zero to rounding (some 1e-11 at worst) where λ is an eigenvalue. */
function smallestPivot(matrix: Float64Array, size: number, { real, imaginary }: Eigenvalue): number {
  const re = Array.from({ length: size }, (_, i) => [...matrix.subarray(i * size, (i + 1) * size)]);
  const im = re.map((row) => row.map(() => 0));
  for (let i = 0; i < size; i++) {
    re[i][i] -= real;
    im[i][i] -= imaginary;
  }
  let smallest = Infinity;
  for (let c = 0; c < size; c++) {
    let p = c;
    for (let r = c; r < size; r++) if (Math.hypot(re[r][c], im[r][c]) > Math.hypot(re[p][c], im[p][c])) p = r;
    [re[c], re[p], im[c], im[p]] = [re[p], re[c], im[p], im[c]];
    const norm = re[c][c] ** 2 + im[c][c] ** 2;
    smallest = Math.min(smallest, Math.sqrt(norm));
    if (norm === 0) break;
    for (let r = c + 1; r < size; r++) {
      const fr = (re[r][c] * re[c][c] + im[r][c] * im[c][c]) / norm;
      const fi = (im[r][c] * re[c][c] - re[r][c] * im[c][c]) / norm;
      for (let k = c; k < size; k++) {
        const [x, y] = [re[c][k], im[c][k]];
        re[r][k] -= fr * x - fi * y;
        im[r][k] -= fr * y + fi * x;
      }
    }
  }
  return smallest;
}

describe("eigenvalues of a real matrix", () => {
  it("finds known ones: triangular, cyclic, companion", () => {
    const triangular = eigenvalues(Float64Array.of(3, 5, -2, 0, -4, 7, 0, 0, 1), 3);
    expect(triangular.map(({ real }) => real)).toEqual([-4, 3, 1]);
    const cyclic = eigenvalues(Float64Array.of(0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0), 4);
    const moduli = cyclic.map(({ real, imaginary }) => Math.hypot(real, imaginary));
    for (const modulus of moduli) expect(modulus).toBeCloseTo(1, 14);
    expect(cyclic.map(({ real }) => Math.abs(Math.round(real))).sort()).toEqual([0, 0, 1, 1]);
    // (x − 1)(x − 2)(x − 3)(x − 4)(x − 5)
    const companion = new Float64Array(25);
    [15, -85, 225, -274, 120].forEach((coefficient, k) => (companion[k] = coefficient));
    for (let k = 1; k < 5; k++) companion[k * 5 + k - 1] = 1;
    const roots = eigenvalues(companion, 5);
    [5, 4, 3, 2, 1].forEach((root, k) => {
      expect(roots[k].real).toBeCloseTo(root, 10);
      expect(roots[k].imaginary).toBe(0);
    });
  });

  it("makes A − λ singular for every λ of random matrices, which add up to the trace", () => {
    const stream = new RandomStream(seedKey("matrices"));
    for (let size = 1; size <= 12; size++) {
      for (let trial = 0; trial < 50; trial++) {
        const matrix = Float64Array.from({ length: size * size }, () => 2 * stream.nextUniform() - 1);
        const found = eigenvalues(matrix, size);
        expect(found.length).toBe(size);
        for (const value of found) expect(smallestPivot(matrix, size, value)).toBeLessThan(1e-9);
        const trace = Array.from({ length: size }, (_, i) => matrix[i * size + i]).reduce((a, b) => a + b);
        expect(found.reduce((sum, { real }) => sum + real, 0)).toBeCloseTo(trace, 12);
        expect(found.reduce((sum, { imaginary }) => sum + imaginary, 0)).toBeCloseTo(0, 13);
        const moduli = found.map(({ real, imaginary }) => Math.hypot(real, imaginary));
        for (let k = 1; k < size; k++) expect(moduli[k]).toBeLessThanOrEqual(moduli[k - 1] * (1 + 1e-13));
      }
    }
  });

  it("copes with equal eigenvalues: multiples of one, Jordan blocks, permutations of each", () => {
    const size = 6;
    const jordan = new Float64Array(size * size);
    for (let i = 0; i < size; i++) jordan[i * size + i] = 2;
    for (const { real } of eigenvalues(jordan, size)) expect(real).toBe(2);
    for (const i of [0, 1, 3]) jordan[i * size + i + 1] = 1;
    const reversed = jordan.map(
      (_, k) => jordan[(size - 1 - Math.floor(k / size)) * size + size - 1 - (k % size)],
    );
    for (const matrix of [jordan, reversed]) {
      for (const { real, imaginary } of eigenvalues(matrix, size)) {
        expect(Math.hypot(real - 2, imaginary)).toBeLessThan(1e-4); // ε^{1/3}: a block of three
      }
    }
  });

  it("refuses what is not a number", () => {
    expect(() => eigenvalues(Float64Array.of(1, NaN, 0, 1), 2)).toThrow(DomainError);
    expect(eigenvalues(new Float64Array(9), 3).map(({ real }) => real)).toEqual([0, 0, 0]);
  });
});
