import { describe, expect, it } from "vitest";
import { allOf, average, decide, largest, smallest, within, withError } from "../../src/studies/verdicts.js";

describe("verdicts on numbers", () => {
  it("say yes or no only where two standard deviations do not reach across the border", () => {
    expect(within({ value: 1.17, error: 0.01 }, 1.168, 0.05)).toBe("yes");
    expect(within({ value: 1.2, error: 0.01 }, 1.168, 0.05)).toBe("undecided");
    expect(within({ value: 1.168, error: 0.03 }, 1.168, 0.05)).toBe("undecided");
    expect(within({ value: 1.3, error: 0.01 }, 1.168, 0.05)).toBe("no");
    expect(within({ value: 1.04, error: 0.01 }, 1.168, 0.05)).toBe("no");
  });

  it("are undecided without a number or an error", () => {
    for (const measured of [
      { value: NaN, error: 0.01 },
      { value: 1.168, error: NaN },
      { value: Infinity, error: 0.01 },
    ]) {
      expect(within(measured, 1.168, 0.05)).toBe("undecided");
    }
    expect(decide(true)).toBe("undecided");
    expect(decide(true, 1, NaN)).toBe("undecided");
    expect(decide(true, 1, 2)).toBe("yes");
    expect(decide(false, 1, 2)).toBe("no");
  });

  it("of several are undecided without any, and no if one is no", () => {
    expect(allOf([])).toBe("undecided");
    expect(allOf(["yes", "yes"])).toBe("yes");
    expect(allOf(["yes", "undecided"])).toBe("undecided");
    expect(allOf(["undecided", "no", "yes"])).toBe("no");
  });

  it("come from numbers that are unknown if one of them is", () => {
    expect([largest([]), smallest([]), average([])]).toEqual([NaN, NaN, NaN]);
    expect([largest([1, NaN]), smallest([NaN, 1]), average([1, NaN])]).toEqual([NaN, NaN, NaN]);
    expect([largest([1, 3, 2]), smallest([2, 1, 3]), average([1, 2, 6])]).toEqual([3, 1, 3]);
    expect(withError({ value: 1.23456, error: NaN })).toBe("1.235 (error unknown)");
    expect(withError({ value: NaN, error: NaN })).toBe("unknown");
    expect(withError({ value: 1.23456, error: 0 })).toBe("1.235");
    expect(withError({ value: 1.23456, error: 0.0123 })).toBe("1.235(12)");
  });
});
