import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveKey, fillStandardNormal, seedKey } from "../../../src/random/index.js";
import { acceptanceRatio } from "../../../src/rbm/log-partition/acceptance-ratio.js";
import { type RelatedWorks, twoSidedEstimate } from "../../../src/rbm/log-partition/two-sided.js";

/** Works of Gaussian form that obey Crooks's relation: mean Δ ∓ σ²/2 upwards and downwards, variance σ². */
function gaussianWorks(value: number, spread: number, up: number, down: number, seed: string) {
  const draw = (count: number, center: number, index: number): Float64Array => {
    const works = new Float64Array(count);
    fillStandardNormal(deriveKey(seedKey(seed), "analysis", index), works);
    return works.map((z) => center + spread * z);
  };
  return {
    upward: draw(up, value - spread ** 2 / 2, 0),
    downward: draw(down, value + spread ** 2 / 2, 1),
  };
}

/** Works of which each has an ancestor of its own, or the one that `family` gives. */
function related(works: Float64Array, family: (i: number) => number = (i) => i): RelatedWorks {
  return { works, families: Uint32Array.from(works, (_w, i) => family(i)), ancestors: works.length };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe("the acceptance ratio", () => {
  it("is the only solution of Bennett's equation, whatever the works are", () => {
    const works = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(works, works, (a, b) => {
        const [forward, reverse] = [Float64Array.from(a), Float64Array.from(b)];
        const { value, logForwardShares, logReverseShares } = acceptanceRatio(forward, reverse);
        const imbalance = (x: number): number => {
          const ratio = Math.log(forward.length / reverse.length);
          const share = (w: number): number => 1 / (1 + Math.exp(x - w + ratio));
          return a.reduce((s, w) => s + share(w), 0) - b.reduce((s, w) => s + 1 - share(w), 0);
        };
        expect(imbalance(value - 1e-6)).toBeGreaterThanOrEqual(-1e-9);
        expect(imbalance(value + 1e-6)).toBeLessThanOrEqual(1e-9);
        expect(sum(logForwardShares.map(Math.exp))).toBeCloseTo(sum(logReverseShares.map(Math.exp)), 3);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("of one work each way is their mean", () => {
    expect(acceptanceRatio(Float64Array.of(3), Float64Array.of(7)).value).toBeCloseTo(5, 12);
    expect(acceptanceRatio(Float64Array.of(-1e5), Float64Array.of(1e5)).value).toBeCloseTo(0, 8);
  });

  it("finds the ratio of two enumerated distributions from exact samples of both", () => {
    // states 0 … 4 with weights q0, q1; the works are ln q1/q0
    const [q0, q1] = [
      [1, 2, 3, 4, 5],
      [20, 12, 7, 2, 1],
    ];
    const rows = (weights: readonly number[]): Float64Array =>
      Float64Array.from(
        weights.flatMap((w, state) => new Array<number>(60 * w).fill(Math.log(q1[state] / q0[state]))),
      );
    expect(acceptanceRatio(rows(q0), rows(q1)).value).toBeCloseTo(Math.log(42 / 15), 10);
  });
});

describe("the two-sided estimate", () => {
  it("has errors as large as it says, with unequal numbers of works and little overlap", () => {
    for (const [spread, up, down] of [
      [0.5, 100, 100],
      [2, 300, 100],
      [4, 200, 400],
    ]) {
      const scores = Array.from({ length: 150 }, (_, replica) => {
        const { upward, downward } = gaussianWorks(12, spread, up, down, `${spread} ${replica}`);
        const { value, error } = twoSidedEstimate(related(upward), related(downward));
        return (value - 12) / error;
      });
      const meanScore = scores.reduce((a, b) => a + b, 0) / 150;
      const deviation = Math.sqrt(scores.reduce((a, z) => a + z * z, 0) / 150);
      expect(Math.abs(meanScore)).toBeLessThan(4 / Math.sqrt(150));
      expect(deviation).toBeGreaterThan(0.78);
      expect(deviation).toBeLessThan(1.22);
    }
  });

  it("counts works of one family as one", () => {
    const { upward, downward } = gaussianWorks(0, 1, 100, 100, "families");
    const repeated = Float64Array.from({ length: 100 }, (_, i) => downward[Math.floor(i / 10)]);
    const alone = twoSidedEstimate(related(upward), related(repeated));
    const family = twoSidedEstimate(
      related(upward),
      related(repeated, (i) => Math.floor(i / 10)),
    );
    expect(family.value).toBe(alone.value);
    expect(family.error).toBeGreaterThan(1.5 * alone.error);
  });

  it("counts pairs that make up for one another as better than independent works", () => {
    const { upward, downward } = gaussianWorks(0, 1, 100, 100, "pairs");
    const center = upward.reduce((a, b) => a + b, 0) / 100;
    const mirrored = Float64Array.from({ length: 100 }, (_, i) =>
      i < 50 ? upward[i] : 2 * center - upward[i - 50],
    );
    const pairs = { ...related(mirrored, (i) => i % 50), ancestors: 50 };
    const alone = twoSidedEstimate(related(mirrored), related(downward));
    expect(twoSidedEstimate(pairs, related(downward)).error).toBeLessThan(alone.error);
  });

  it("doubts works that hardly meet", () => {
    const { upward, downward } = gaussianWorks(0, 12, 50, 50, "apart");
    const { doubt } = twoSidedEstimate(related(upward), related(downward));
    expect(doubt).toMatch(/effective independent chains/);
  });
});
