import { describe, expect, it } from "vitest";
import { deriveKey, fillStandardNormal, RandomStream, seedKey, shuffle } from "../../src/random/index.js";

describe("keys", () => {
  it("are a function of the seed's text, so that 1 and '1' agree and any text works", () => {
    expect(seedKey(1)).toEqual(seedKey("1"));
    expect(seedKey("ising")).not.toEqual(seedKey("Ising"));
    expect(seedKey("1")).toEqual({ word0: 3005224161, word1: 3256229866, brand: "SeedKey" });
  });

  it("differ for different seeds, repeated digits included", () => {
    const keys = new Set(Array.from({ length: 10_000 }, (_, seed) => JSON.stringify(seedKey(seed))));
    for (const seed of ["", "a", "aa", "ab", "abab", '"', '""', '1"1'])
      keys.add(JSON.stringify(seedKey(seed)));
    expect(keys.size).toBe(10_008);
  });

  it("differ for every purpose and every address", () => {
    const master = seedKey("addresses");
    const keys = new Set<string>();
    for (const purpose of ["isingChains", "gibbsChain", "batchOrder"] as const) {
      for (let i = 0; i < 40; i++) {
        for (let j = 0; j < 40; j++) keys.add(JSON.stringify(deriveKey(master, purpose, i, j)));
      }
      keys.add(JSON.stringify(deriveKey(master, purpose)));
      keys.add(JSON.stringify(deriveKey(master, purpose, 2 ** 40)));
    }
    expect(keys.size).toBe(3 * (1600 + 2));
  });
});

describe("a stream", () => {
  it("gives uniform numbers: mean, variance and lag-1 correlation within 4 standard errors", () => {
    const stream = new RandomStream(deriveKey(seedKey("uniform"), "analysis"));
    const count = 200_000;
    const u = Float64Array.from({ length: count }, () => stream.nextUniform() - 0.5);
    const mean = u.reduce((sum, x) => sum + x, 0) / count;
    const square = u.reduce((sum, x) => sum + x * x, 0) / count;
    let lagged = 0;
    for (let i = 1; i < count; i++) lagged += (u[i] * u[i - 1]) / count;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(square - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / count));
    expect(Math.abs(lagged)).toBeLessThan((4 / 12) * Math.sqrt(1 / count));
  });

  it("draws integers without bias", () => {
    const stream = new RandomStream(deriveKey(seedKey("integers"), "analysis"));
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) counts[stream.nextInteger(7)]++;
    const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(6 + 4 * Math.sqrt(12));
  });

  it("gives standard normal numbers: first four moments within 4 standard errors", () => {
    const count = 200_001;
    const x = new Float64Array(count);
    fillStandardNormal(deriveKey(seedKey("normal"), "analysis"), x);
    const moment = (power: number): number => x.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
  });

  it("shuffles uniformly: every order of three occurs one time in six", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = Uint32Array.of(0, 1, 2);
      shuffle(deriveKey(seedKey("shuffle"), "batchOrder", i), order);
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const n of counts.values()) expect(Math.abs(n - 2000)).toBeLessThan(4 * Math.sqrt((2000 * 5) / 6));
  });
});
