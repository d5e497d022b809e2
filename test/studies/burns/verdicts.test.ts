import { describe, expect, it } from "vitest";
import { all, atMost, given, not, verdictOf } from "../../../src/studies/burns/verdicts.js";

describe("verdicts", () => {
  it("needs every case for yes, one for no, and at least one to decide", () => {
    expect(verdictOf([true, true])).toBe("yes");
    expect(verdictOf([true, null])).toBe("undecided");
    expect(verdictOf([null, false, true])).toBe("no");
    expect(verdictOf([])).toBe("undecided");
  });

  it("knows nothing of missing numbers", () => {
    for (const missing of [null, undefined, NaN, Infinity])
      expect(given([1, missing], () => true)).toBe(null);
    expect(given([1, 2], (a, b) => a < b)).toBe(true);
  });

  it("leaves open what an error bar leaves open", () => {
    expect(atMost(0.2, 0.1, 0.5)).toBe(true);
    expect(atMost(0.4, 0.1, 0.5)).toBe(null);
    expect(atMost(0.6, 0.1, 0.5)).toBe(null);
    expect(atMost(0.8, 0.1, 0.5)).toBe(false);
    expect(atMost(0.1, 50, 0.5)).toBe(null);
    expect(atMost(0.1, null, 0.5)).toBe(null);
  });

  it("joins and negates what is unknown as unknown", () => {
    expect(all(true, null)).toBe(null);
    expect(all(false, null)).toBe(false);
    expect(all(true, true)).toBe(true);
    expect([not(true), not(false), not(null)]).toEqual([false, true, null]);
  });
});
