import { describe, expect, it } from "vitest";
import { DataError } from "../../src/errors/index.js";
import { groupedMean, groupSizes, mergeGroups, sampleGroups } from "../../src/statistics/index.js";
import { autoregression, average } from "./autoregression.js";

const ownGroups = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/** The samples of several chains in the order in which they are written: round by round. */
function interleaved(chains: readonly Float64Array[]): Float64Array {
  const rounds = chains[0].length;
  return Float64Array.from({ length: rounds * chains.length }, (_, row) => {
    return chains[row % chains.length][Math.floor(row / chains.length)];
  });
}

/** Mean of z² over many sets of samples whose exact mean is 0. */
function meanSquareScore(groupsOf: (count: number) => Uint32Array, chains: number, length: number): number {
  const squares = Array.from({ length: 400 }, (_, replica) => {
    const values = interleaved(autoregression(0.9, chains, length, `grouped ${chains}`, replica));
    const { value, error } = groupedMean(values, groupsOf(values.length));
    return (value / error) ** 2;
  });
  return average(squares);
}

describe("a mean with its error from groups", () => {
  it("is that of independent values where each is its own group, and of group means where these are of one size", () => {
    const values = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6);
    const { value, error } = groupedMean(values, ownGroups(8));
    const variance = values.reduce((sum, x) => sum + (x - 31 / 8) ** 2, 0) / 7;
    expect(value).toBeCloseTo(31 / 8, 14);
    expect(error).toBeCloseTo(Math.sqrt(variance / 8), 14);
    const pairs = groupedMean(values, Uint32Array.of(4, 4, 0, 0, 9, 9, 2, 2));
    const means = [2, 2.5, 7, 4].map((mean) => (mean - 31 / 8) ** 2);
    expect(pairs.error).toBeCloseTo(Math.sqrt(means.reduce((a, b) => a + b) / (4 * 3)), 14);
    expect(groupedMean(values, new Uint32Array(8)).error).toBeNaN();
    expect(() => groupedMean(values, ownGroups(7))).toThrow(DataError);
  });

  it("counts the correlations inside chains, which errors of independent values miss by 2τ = 19", () => {
    // 32 and 64 groups: E z² of Student's t is ν/(ν − 2) = 1.07 and 1.03; 400 sets know it to 0.07
    const byChain = meanSquareScore((count) => sampleGroups(count, 32), 32, 40);
    expect(byChain).toBeGreaterThan(0.85);
    expect(byChain).toBeLessThan(1.3);
    // blocks of 100 samples are 10.5 τ long, so that the error is low by about 5 %
    const byBlock = meanSquareScore((count) => sampleGroups(count, null), 1, 6400);
    expect(byBlock).toBeGreaterThan(0.9);
    expect(byBlock).toBeLessThan(1.4);
    expect(meanSquareScore(ownGroups, 32, 40)).toBeGreaterThan(10);
  });
});

describe("groups of samples", () => {
  it("are chains, several of them if there are many, or blocks where these are few or not known", () => {
    expect([...sampleGroups(40, 20)].slice(18, 22)).toEqual([18, 19, 0, 1]);
    const many = sampleGroups(1000, 200);
    expect(groupSizes(many).count).toBe(64);
    expect(many[3]).toBe(many[203]);
    expect(Math.max(...groupSizes(many).sizes)).toBeLessThanOrEqual(20);
    for (const chains of [null, 1, 15]) {
      expect([...sampleGroups(640, chains)]).toEqual(
        Array.from({ length: 640 }, (_, row) => Math.floor(row / 10)),
      );
    }
    expect([...sampleGroups(3, null)]).toEqual([0, 1, 2]);
    expect([...sampleGroups(3, 100)]).toEqual([0, 1, 2]);
  });

  it("keep apart what was together when they are merged, and have no gaps", () => {
    expect([...mergeGroups(Uint32Array.of(7, 7, 900, 3, 900))]).toEqual([1, 1, 2, 0, 2]);
    const merged = mergeGroups(ownGroups(1000));
    expect(groupSizes(merged)).toEqual({ sizes: expect.anything() as Uint32Array, count: 64 });
    expect([...merged]).toEqual([...merged].sort((a, b) => a - b));
  });
});
