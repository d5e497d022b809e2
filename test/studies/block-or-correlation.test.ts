import { describe, expect, it } from "vitest";
import { judgeControls, judgeUnpenalized } from "../../src/studies/block-or-correlation/controls.js";
import { fitSizeLaw } from "../../src/studies/block-or-correlation/exponents.js";
import { collapseFigure, sizeFigure, sizeMeans } from "../../src/studies/block-or-correlation/figures.js";
import { agreeing, judgeBelow, judgeLaw } from "../../src/studies/block-or-correlation/hypotheses.js";
import { fitLaws, judgeRobustness, lawColumns, lawRow } from "../../src/studies/block-or-correlation/laws.js";
import { hasSize, type SizePoint } from "../../src/studies/block-or-correlation/points.js";

const LENGTHS = [1, 2, 4, 8];
const ALPHAS = [1 / 16, 1 / 8, 1 / 4, 1 / 2];

/** Runs whose sizes follow R = ξ^a α^(−b/2), with a relative scatter that is the same every time. */
function law(a: number, b: number, change: Partial<SizePoint> = {}): readonly SizePoint[] {
  return LENGTHS.flatMap((xi, i) =>
    ALPHAS.map((alpha, j): SizePoint => {
      const scatter = 1 + 0.02 * Math.cos(5 * i + 3 * j);
      const radius = xi ** a * alpha ** (-b / 2) * scatter;
      return {
        temperature: 2.3 + xi / 10,
        disordered: true,
        xi,
        alpha,
        seed: "1",
        l1: 0.01,
        control: "none",
        radius,
        gaussianLength: radius,
        participationRatio: radius * radius,
        radiusOfGyration: radius,
        shuffledRadius: 9,
        beyondNull: 1,
        blockSize: 1,
        blockOverlap: 1,
        ...change,
      };
    }),
  );
}

const core = ({ radius }: SizePoint): number => radius;
const verdicts = (points: readonly SizePoint[]): readonly string[] =>
  judgeLaw(fitSizeLaw(points, core)).map(({ verdict }) => verdict);

describe("the size law", () => {
  it.each([
    [0, 1],
    [1, 0],
    [0.4, -0.3],
  ])("finds the exponents a = %d, b = %d, inside their intervals", (a, b) => {
    const fit = fitSizeLaw(law(a, b), core)!;
    expect(fit.runs).toBe(16);
    for (const [exponent, exact] of [
      [fit.xi, a],
      [fit.alpha, b],
    ] as const) {
      expect(Math.abs(exponent.value - exact)).toBeLessThan(0.02);
      expect(exponent.lower).toBeLessThan(exponent.value);
      expect(exponent.upper).toBeGreaterThan(exponent.value);
      expect(exponent.upper - exponent.lower).toBeLessThan(0.1);
    }
    expect(fit.scatter).toBeLessThan(0.03);
    expect(fitSizeLaw(law(a, b), core)).toEqual(fit);
  });

  it("is not fitted to few runs, or where a length does not vary; runs without a size are left out", () => {
    expect(fitSizeLaw(law(0, 1).slice(0, 5), core)).toBeNull();
    expect(
      fitSizeLaw(
        law(0, 1).filter(({ xi }) => xi === 1),
        core,
      ),
    ).toBeNull();
    expect(fitSizeLaw(law(0, 1, { xi: 2 }), core)).toBeNull();
    const dead = law(0, 1).map((point, index) => (index === 0 ? { ...point, radius: NaN } : point));
    expect(fitSizeLaw(dead, core)!.runs).toBe(15);
    expect(law(0, 1, { beyondNull: 0.4 }).some(hasSize)).toBe(false);
  });
});

describe("the verdict", () => {
  it.each([
    [0, 1, "block spin", ["yes", "no", "no", "yes"]],
    [1, 0, "correlation", ["no", "yes", "no", "yes"]],
    [0, 0, "coupling", ["no", "no", "yes", "yes"]],
    [0.5, 0.5, "neither", ["no", "no", "no", "no"]],
    [1, 1, "neither", ["no", "no", "no", "no"]],
  ] as const)("for a = %d, b = %d is %s", (a, b, name, expected) => {
    const points = law(a, b);
    expect(verdicts(points)).toEqual(expected);
    const claims = judgeLaw(fitSizeLaw(points, core));
    expect(claims[3].measured.startsWith(`${name}: `)).toBe(true);
    expect(agreeing(fitSizeLaw(points, core)!).join()).toBe(name === "neither" ? "" : name);
  });

  it("says in words what the exponents are", () => {
    const words = (a: number, b: number): string => judgeLaw(fitSizeLaw(law(a, b), core))[3].measured;
    expect(words(0, 1)).toMatch(
      /does not follow the correlation length, and it is set by the number of spins per unit/,
    );
    expect(words(0.5, 0.5)).toMatch(
      /grows with the correlation length, less than in proportion, and it grows/,
    );
    expect(words(-0.5, 0)).toMatch(
      /shrinks with the correlation length.*does not depend on the number of units/,
    );
    const scattered = law(0, 0.5).map((point, i) => ({
      ...point,
      radius: point.radius * (i % 3 === 0 ? 4 : 1),
    }));
    expect(verdicts(scattered)).toEqual(["undecided", "undecided", "undecided", "undecided"]);
    expect(judgeLaw(fitSizeLaw(scattered, core))[3].measured).toMatch(/not known well enough/);
    expect(verdicts([])).toEqual(["undecided", "undecided", "undecided", "undecided"]);
  });
});

describe("below T_c", () => {
  const above = fitSizeLaw(law(0, 1), core);
  const ordered = law(0, 1, { disordered: false });

  it("asks whether there are fields of a size, and whether they follow the same law", () => {
    const verdictOf = (points: readonly SizePoint[]): string =>
      judgeBelow(points, above, fitSizeLaw(points.filter(hasSize), core))[0].verdict;
    expect(verdictOf(ordered)).toBe("yes");
    expect(verdictOf(law(1, 0, { disordered: false }))).toBe("no");
    const half = ordered.map((point, index) => (index < 8 ? { ...point, beyondNull: 0 } : point));
    expect(verdictOf(half)).toBe("no");
    expect(judgeBelow(half, above, null)[0].measured).toMatch(
      /^8 of 16 runs have fields of a size \(T = 2\.7, 3\.1\); in the other 8 \(T = 2\.4, 2\.5\) the units see/,
    );
    expect(judgeBelow([], above, null)).toEqual([]);
  });

  it("keeps to the runs of each side and each measure", () => {
    const weak = law(0, 1, { l1: 0.005 });
    const laws = fitLaws([...law(0, 1), ...law(1, 0, { disordered: false })], weak, []);
    const named = laws.map(({ selection, law: fit }) => [
      selection,
      fit === null ? null : agreeing(fit).join(),
    ]);
    expect(named.slice(0, 2)).toEqual([
      ["T > T_c", "block spin"],
      ["T < T_c", "correlation"],
    ]);
    expect(named.at(-1)).toEqual(["T > T_c, gaussian-clone", null]);
    expect(judgeRobustness(laws)[0].verdict).toBe("yes");
    const changed = fitLaws(law(0, 1), law(1, 0), []);
    expect(judgeRobustness(changed)[0].verdict).toBe("no");
    expect(laws.map(lawRow).every((row) => row.length === lawColumns.length)).toBe(true);
  });
});

describe("the controls", () => {
  const points = law(0, 1);
  const verdictOf = (controls: readonly SizePoint[]): string => judgeControls(points, controls)[0].verdict;

  it("compare each run with that of the same setting", () => {
    const clone = law(0, 1, { control: "gaussian-clone" });
    expect(verdictOf(clone)).toBe("yes");
    expect(verdictOf(clone.map((point) => ({ ...point, radius: 2 * point.radius })))).toBe("no");
    const blind = clone.map((point, k) => (k === 0 ? { ...point, beyondNull: 0 } : point));
    expect(judgeControls(points, blind)[0].measured).toContain("1 others only one of the two");
    expect(verdictOf(blind)).toBe("no");
    const permuted = law(0, 1, { control: "site-permuted" });
    expect(verdictOf(permuted)).toBe("no"); // radii below those of shuffled fields
    expect(verdictOf(permuted.map((point) => ({ ...point, radiusOfGyration: 10 })))).toBe("yes");
    expect(verdictOf(law(0, 1, { control: "infinite-temperature", beyondNull: 0.02 }))).toBe("yes");
    expect(verdictOf(law(0, 1, { control: "infinite-temperature" }))).toBe("no");
    expect(judgeControls(points, law(0, 1, { control: "gaussian-clone", seed: "2" }))).toEqual([]);
  });

  it("without the penalty ask whether most runs have fields of a size", () => {
    expect(judgeUnpenalized(points)[0].verdict).toBe("yes");
    expect(judgeUnpenalized(law(0, 1, { beyondNull: 0.3 }))[0].verdict).toBe("no");
    expect(judgeUnpenalized([])).toEqual([]);
  });
});

describe("the figures", () => {
  it("take seeds together and are drawn the same twice; block spins collapse to one height", async () => {
    const twice = [...law(0, 1), ...law(0, 1, { seed: "2" })];
    const means = sizeMeans(twice);
    expect(means).toHaveLength(16);
    expect(means.every(({ runs, error }) => runs === 2 && error === 0)).toBe(true);
    for (const { radius, alpha } of means) expect(Math.abs(radius * Math.sqrt(alpha) - 1)).toBeLessThan(0.03);
    for (const draw of [sizeFigure, collapseFigure]) {
      const [first, second] = [await draw(means, "test"), await draw(means, "test")];
      expect(second.svg).toBe(first.svg);
      expect(first.svg).toContain("α = 1/16");
    }
  });
});
