import { describe, expect, it } from "vitest";
import { twoPointFunction } from "../../src/analysis/two-point-function.js";
import { DataError } from "../../src/errors/index.js";
import { getBit } from "../../src/kernels/index.js";
import { randomRows } from "./random-stack.js";

describe("two-point function", () => {
  it.each([
    [[6, 10], 5],
    [[6, 10], 4],
    [[60], 3],
  ] as const)("is the average over rows and translations on %j with %d rows", (shape, count) => {
    const rows = randomRows(count, 60);
    const [width, height] = shape.length === 1 ? [60, 1] : shape;
    const correlations = twoPointFunction(rows, shape);
    const spin = (row: number, x: number, y: number): number =>
      2 * getBit(rows, row, (x % width) * height + (y % height)) - 1;
    for (let dx = 0; dx < width; dx++) {
      for (let dy = 0; dy < height; dy++) {
        let sum = 0;
        for (let row = 0; row < count; row++) {
          for (let x = 0; x < width; x++) {
            for (let y = 0; y < height; y++) sum += spin(row, x, y) * spin(row, x + dx, y + dy);
          }
        }
        expect(correlations[dx * height + dy]).toBeCloseTo(sum / count / 60, 12);
      }
    }
  });

  it("refuses rows of another lattice, and none", () => {
    expect(() => twoPointFunction(randomRows(2, 16), [4, 5])).toThrow(DataError);
    expect(() => twoPointFunction(randomRows(0, 20), [4, 5])).toThrow(DataError);
  });
});
