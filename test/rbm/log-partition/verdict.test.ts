import { describe, expect, it } from "vitest";
import { fillStandardNormal, seedKey } from "../../../src/random/index.js";
import { bennett } from "../../../src/rbm/log-partition/bennett.js";
import { estimateLogPartition } from "../../../src/rbm/log-partition/index.js";
import {
  disagree,
  doubtfulFamilies,
  improbableWorks,
  joinDoubts,
  unreachedModes,
} from "../../../src/rbm/log-partition/verdict.js";
import { zeroRbm } from "../../../src/rbm/parameters.js";
import { isingData, problemOf, randomLayer } from "./cases.js";

/** Gaussian works around `center`. */
function worksAround(center: number, deviation: number, count: number, seed: string): Float64Array {
  const works = new Float64Array(count);
  fillStandardNormal(seedKey(seed), works);
  return works.map((z) => center + deviation * z);
}

describe("doubts", () => {
  it("are joined, each said once; none is null", () => {
    expect(joinDoubts(null, "a", null, "b", "a")).toBe("a; b");
    expect(joinDoubts(null, null)).toBeNull();
  });

  it("are raised by fewer than 4 effective independent chains", () => {
    expect(doubtfulFamilies(4)).toBeNull();
    expect(doubtfulFamilies(3.94)).toBe("only 3.9 effective independent chains");
  });

  it("are raised by differences of more than 3 joint standard deviations", () => {
    expect(disagree({ value: 0, error: 3 }, { value: 14.9, error: 4 })).toBe(false);
    expect(disagree({ value: 15.1, error: 3 }, { value: 0, error: 4 })).toBe(true);
    expect(disagree({ value: 1, error: 0 }, { value: 1.0005, error: 0 })).toBe(false);
  });
});

describe("works from a mode that no upward chain has reached", () => {
  it.each([0.5, 2, 4])("are not seen where both directions obey Crooks's relation (σ = %f)", (deviation) => {
    const upward = worksAround(-(deviation ** 2) / 2, deviation, 200, "up");
    const downward = worksAround(deviation ** 2 / 2, deviation, 100, "down");
    expect(unreachedModes(upward, downward, "x")).toBeNull();
  });

  it("are seen where some lie far above", () => {
    const upward = worksAround(0, 0.5, 200, "up");
    const downward = worksAround(0.2, 0.5, 100, "down");
    downward.fill(12, 0, 10);
    expect(unreachedModes(upward, downward, "from afar")).toMatch(/^10 of 100 chains from afar/);
    downward.fill(0, 2, 10);
    expect(unreachedModes(upward, downward, "from afar")).toBeNull();
  });
});

describe("works that an estimate makes improbable", () => {
  const upward = worksAround(9.5, 1, 200, "up");
  const downward = worksAround(10.5, 1, 200, "down");

  it("are rare at the right value, and many at a wrong one", () => {
    expect(improbableWorks({ value: 10, error: 0.1 }, upward, downward)).toBeNull();
    expect(improbableWorks({ value: 4, error: 0.1 }, upward, downward)).toMatch(/too small/);
    expect(improbableWorks({ value: 16, error: 0.1 }, upward, downward)).toMatch(/too large/);
    expect(improbableWorks({ value: 16, error: 3 }, upward, downward)).toBeNull();
  });
});

describe("estimates of one layer", () => {
  it("are doubted where they disagree with another", async () => {
    const { data, target } = await isingData(8, 0.3, 1000);
    const layer = randomLayer("spin", 64, 1, false, "disagreement", 30);
    const wrong = { ...target, logPartition: target.logPartition + 3 };
    const options = { chains: 200, steps: 100 };
    const found = await estimateLogPartition({
      ...problemOf({ name: "wrong", layer, data, target: wrong }),
      options,
    });
    expect(found.map(({ estimator }) => estimator)).toEqual(["ais", "reverse-ais", "bennett"]);
    expect(found[0].doubt).toMatch(/disagrees with bennett, \d+\.\d+\(\d\d\)(;|$)/);
    expect(found[1].doubt).toMatch(/disagrees with bennett/);
    expect(found[2].doubt).toMatch(/disagrees with ais, .*disagrees with reverse-ais, /);
    const vague = { ...wrong, error: 2 };
    const again = await estimateLogPartition({
      ...problemOf({ name: "wrong", layer, data, target: vague }),
      options,
    });
    expect(again.map(({ doubt }) => doubt)).toEqual([null, null, null]);
    expect(again[2].error).toBeGreaterThan(2);
  });

  it("need the Ising model of as many sites for Bennett's", async () => {
    const { data, target } = await isingData(8, 0.3, 10);
    const problem = problemOf({ name: "sites", layer: zeroRbm("spin", 64, 3), data, target });
    expect(bennett.obstacle(problem)).toBeNull();
    expect(bennett.obstacle({ ...problem, target: null })).toMatch(/not known/);
    expect(bennett.obstacle({ ...problem, data: null })).toMatch(/not known/);
    expect(bennett.obstacle({ ...problem, layer: zeroRbm("spin", 63, 3) })).toMatch(
      /64 sites and the layer 63/,
    );
  });
});
