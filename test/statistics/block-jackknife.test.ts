import { expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { blockJackknife, jackknife } from "../../src/statistics/index.js";
import { autoregression, average } from "./autoregression.js";

it("is the jackknife of series, from the leave-one-out values", () => {
  const x = autoregression(0.5, 1, 640, "block jackknife")[0];
  const f = (mean: number): number => Math.exp(mean) * (1 + mean * mean);
  const blocks = 16;
  const without = Array.from({ length: blocks }, (_, block) =>
    f(average([...x.subarray(0, block * 40), ...x.subarray((block + 1) * 40)])),
  );
  const found = blockJackknife(f(average([...x])), without);
  const expected = jackknife([[x]], ([mean]) => f(mean), blocks);
  expect(found.value).toBeCloseTo(expected.value, 12);
  expect(found.error).toBeCloseTo(expected.error, 12);
});

it("gives the standard error of a mean, and refuses one block", () => {
  const samples = [3, 1, 4, 1, 5, 9, 2, 6];
  const total = samples.reduce((a, b) => a + b);
  const { value, error } = blockJackknife(
    total / 8,
    samples.map((sample) => (total - sample) / 7),
  );
  const variance = samples.reduce((sum, x) => sum + (x - total / 8) ** 2, 0) / 7;
  expect(value).toBeCloseTo(total / 8, 14);
  expect(error).toBeCloseTo(Math.sqrt(variance / 8), 14);
  expect(blockJackknife(1, [1, NaN]).error).toBeNaN();
  expect(() => blockJackknife(1, [1])).toThrow(DomainError);
});
