import { describe, expect, it } from "vitest";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { addGram, addProduct, matrixRows, mirrorLower } from "../../src/statistics/matrix-product.js";

function normals(length: number, seed: string): Float64Array {
  const out = new Float64Array(length);
  fillStandardNormal(seedKey(seed), out);
  return out;
}

/** a bᵀ, term by term. */
function naive(a: Float64Array, b: Float64Array, inner: number): Float64Array {
  const [rows, columns] = [a.length / inner, b.length / inner];
  return Float64Array.from({ length: rows * columns }, (_, index) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      sum += a[Math.floor(index / columns) * inner + k] * b[(index % columns) * inner + k];
    }
    return sum;
  });
}

function expectClose(found: Float64Array, expected: Float64Array): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(found[k]).toBeCloseTo(value, 10);
  });
}

describe("matrix products", () => {
  it.each([
    [1, 1, 1],
    [4, 4, 4],
    [5, 3, 7],
    [13, 70, 300],
    [66, 131, 257],
    [3, 9, 513],
  ])("of %i and %i rows of %i terms", (rows, columns, inner) => {
    const [a, b] = [normals(rows * inner, "a"), normals(columns * inner, "b")];
    const out = new Float64Array(rows * columns).fill(1);
    addProduct(matrixRows(a, inner), matrixRows(b, inner), inner, matrixRows(out, columns));
    expectClose(
      out,
      naive(a, b, inner).map((value) => value + 1),
    );
    const gram = new Float64Array(rows * rows);
    addGram(matrixRows(a, inner), inner, matrixRows(gram, rows));
    mirrorLower(gram, rows);
    expectClose(gram, naive(a, a, inner));
  });

  it("of parts of larger matrices", () => {
    const [a, b] = [normals(10 * 20, "a"), normals(12 * 20, "b")];
    const part = (m: Float64Array, first: number, rows: number): Float64Array =>
      Float64Array.from({ length: rows * 6 }, (_, k) => m[(first + Math.floor(k / 6)) * 20 + 5 + (k % 6)]);
    const out = new Float64Array(9 * 30);
    addProduct(
      { ...matrixRows(a, 20, 2, 7), offset: 2 * 20 + 5 },
      { ...matrixRows(b, 20, 3, 9), offset: 3 * 20 + 5 },
      6,
      { data: out, offset: 30 + 4, stride: 30, rows: 7 },
    );
    const expected = naive(part(a, 2, 7), part(b, 3, 9), 6);
    out.forEach((value, k) => {
      const [row, column] = [Math.floor(k / 30) - 1, (k % 30) - 4];
      const inside = row >= 0 && row < 7 && column >= 0 && column < 9;
      expect(value).toBeCloseTo(inside ? expected[row * 9 + column] : 0, 12);
    });
  });
});
