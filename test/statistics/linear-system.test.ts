import { expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { solveLinearSystem } from "../../src/statistics/index.js";

it("solves A X = B", () => {
  const stream = new RandomStream(seedKey("linear systems"));
  for (let size = 1; size <= 9; size++) {
    const columns = 1 + (size % 3);
    const random = (length: number): Float64Array =>
      Float64Array.from({ length }, () => 2 * stream.nextUniform() - 1);
    const [matrix, wanted] = [random(size * size), random(size * columns)];
    matrix[0] = 0; // needs a pivot
    if (size === 1) matrix[0] = 3;
    const right = new Float64Array(size * columns);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        for (let k = 0; k < columns; k++) {
          right[i * columns + k] += matrix[i * size + j] * wanted[j * columns + k];
        }
      }
    }
    const found = solveLinearSystem(matrix, right, size, columns);
    found.forEach((x, k) => {
      expect(x).toBeCloseTo(wanted[k], 11);
    });
  }
});

it("does not mind rows of different scale, and refuses singular systems", () => {
  const found = solveLinearSystem(
    Float64Array.of(1e-20, 2e-20, 3e20, 1e20),
    Float64Array.of(5e-20, 5e20),
    2,
    1,
  );
  expect(found[0]).toBeCloseTo(1, 14);
  expect(found[1]).toBeCloseTo(2, 14);
  expect(() => solveLinearSystem(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 2), 2, 1)).toThrow(
    DomainError,
  );
  expect(() => solveLinearSystem(Float64Array.of(0, 0, 2, 4), Float64Array.of(1, 2), 2, 1)).toThrow(
    DomainError,
  );
  expect(() => solveLinearSystem(Float64Array.of(NaN, 0, 2, 4), Float64Array.of(1, 2), 2, 1)).toThrow(
    DomainError,
  );
});
