import { describe, expect, it } from "vitest";
import { hasConverged, hasSettled } from "../../../src/studies/burns/convergence.js";
import { optimum, run } from "./runs.js";

describe("convergence", () => {
  const settled = (values: readonly number[], epochs = 20) =>
    hasSettled(run({ objective: "kl" }, { klPerSpin: values }, epochs), ({ klPerSpin }) => klPerSpin);

  it("looks at the last tenth of the epochs", () => {
    const until = (last: number) => Array.from({ length: 20 }, (_, k) => (k < last ? 1 : 0.5));
    expect(settled(until(17))).toBe(true);
    expect(settled(until(18))).toBe(false);
    expect(settled([1, 1.004])).toBe(true);
  });

  it("cannot be told from a few epochs, or without numbers", () => {
    expect(settled([1], 9)).toBe(null);
    expect(settled([NaN])).toBe(null);
  });

  it("needs an objective without slope: a rate that has fallen to nothing stops every change", () => {
    const still = { klPerSpin: 0.01 };
    expect(hasConverged(optimum(1e-4, { objective: "trace" }, still))).toBe(true);
    expect(hasConverged(optimum(0.02, { objective: "trace" }, still))).toBe(false);
    expect(hasConverged(optimum(null, { objective: "trace" }, still))).toBe(null);
  });
});
