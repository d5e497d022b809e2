import { describe, expect, it } from "vitest";
import { type RateSchedule, rateSchedules } from "../../src/rbm/schedules.js";

describe("the learning rate", () => {
  it.each(["linear", "exponential"] as const)("%s: starts at the first rate and ends at the last", (name) => {
    for (const [first, last] of [
      [0.1, 0.001],
      [0.003, 0.003],
      [1e-4, 2],
    ] as const) {
      expect(rateSchedules[name](first, last, 0)).toBe(first);
      expect(rateSchedules[name](first, last, 1) / last).toBeCloseTo(1, 13);
    }
  });

  it("in the middle is the arithmetic or the geometric mean, or unchanged", () => {
    expect(rateSchedules.linear(0.1, 0.001, 0.5)).toBeCloseTo(0.0505, 15);
    expect(rateSchedules.exponential(0.1, 0.001, 0.5)).toBeCloseTo(0.01, 15);
    const constant: RateSchedule = rateSchedules.constant;
    for (const f of [0, 0.3, 1]) expect(constant(0.1, 0.001, f)).toBe(0.1);
  });
});
