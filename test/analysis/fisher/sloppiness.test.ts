import { describe, expect, it } from "vitest";
import { judgeSloppiness } from "../../../src/analysis/fisher/sloppiness.js";

const geometric = (count: number, decades: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => 10 ** ((-decades * k) / (count - 1)));

describe("the sloppiness verdict", () => {
  it("is sloppy for eigenvalues uniform in ln λ over many decades", () => {
    const verdict = judgeSloppiness(geometric(40, 6), null);
    expect(verdict.kind).toBe("sloppy");
    expect(verdict.resolved).toBe(40);
    expect(verdict.decades).toBeCloseTo(6, 12);
    expect(verdict.distance).toBeLessThan(0.03);
  });

  it("is not sloppy for a power law in the rank, nor for a narrow spectrum", () => {
    const power = Float64Array.from({ length: 300 }, (_, k) => (k + 1) ** -1.6);
    expect(judgeSloppiness(power, null)).toMatchObject({ kind: "broad, not uniform", resolved: 300 });
    expect(judgeSloppiness(geometric(40, 2), null).kind).toBe("narrow");
    expect(judgeSloppiness(new Float64Array(40).fill(1), null)).toMatchObject({
      kind: "narrow",
      decades: 0,
      distance: 1,
    });
  });

  it("counts what half of the samples confirm, and nothing below rounding", () => {
    const values = geometric(40, 6);
    const halved = values.map((value, k) => (k < 25 ? value * 1.2 : value * 1.4)).slice(0, 30);
    expect(judgeSloppiness(values, halved)).toMatchObject({ kind: "sloppy", resolved: 25 });
    const gap = values.map((value, k) => (k === 0 || k === 20 || k === 21 || k > 35 ? 3 * value : value));
    expect(judgeSloppiness(values, gap)).toMatchObject({ resolved: 36 });
    expect(judgeSloppiness(values, values.slice(0, 5))).toMatchObject({ kind: "unresolved", resolved: 5 });
    expect(
      judgeSloppiness(
        values,
        values.map(() => 0),
      ),
    ).toMatchObject({ kind: "unresolved", resolved: 0, decades: 0 });
    expect(judgeSloppiness(geometric(101, 20), null)).toMatchObject({ resolved: 50 });
    expect(judgeSloppiness(new Float64Array(20), null)).toMatchObject({ kind: "unresolved", resolved: 0 });
  });
});
