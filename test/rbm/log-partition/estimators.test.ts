import { beforeAll, describe, expect, it } from "vitest";
import { CRITICAL_COUPLING } from "../../../src/ising/model.js";
import { openKernels } from "../../../src/kernels/index.js";
import {
  bestEstimate,
  estimateLogPartition,
  type LogPartitionEstimate,
  logPartitionEstimatorNames,
  type NamedEstimate,
} from "../../../src/rbm/log-partition/index.js";
import { zeroRbm } from "../../../src/rbm/parameters.js";
import {
  bimodalLayer,
  type Case,
  isingData,
  problemOf,
  randomLayer,
  trackedEstimate,
  trainedLayer,
} from "./cases.js";

/** Layers from weak to those of critical Ising data, of both unit types, with and without biases. */
async function cases(): Promise<readonly Case[]> {
  const critical = await isingData(8, CRITICAL_COUPLING);
  const warm = await isingData(8, 0.3);
  return [
    { name: "weak", layer: randomLayer("spin", 64, 0.5, true, "weak"), ...warm },
    { name: "strong", layer: randomLayer("binary", 64, 2, false, "strong"), ...warm },
    { name: "no data", layer: randomLayer("spin", 64, 1, false, "no data"), data: null, target: null },
    { name: "spin", layer: await trainedLayer("spin", critical.data, false, "spin"), ...critical },
    { name: "biases", layer: await trainedLayer("spin", critical.data, true, "biases"), ...critical },
    { name: "binary", layer: await trainedLayer("binary", critical.data, true, "binary"), ...critical },
  ];
}

/** An estimate by one of the estimators, or by tracking, which needs a layer that changes and so is no part of their table. */
type AnyEstimate = LogPartitionEstimate & { readonly estimator: string };

function isNamed(estimate: AnyEstimate): estimate is NamedEstimate {
  return (logPartitionEstimatorNames as readonly string[]).includes(estimate.estimator);
}

const names = ["weak", "strong", "no data", "spin", "biases", "binary"];

describe("every estimator of ln Z against enumeration", () => {
  const results = new Map<string, readonly AnyEstimate[]>();
  beforeAll(async () => {
    const options = { chains: 300, steps: 250 };
    for (const one of await cases()) {
      const problem = { ...problemOf(one), options };
      const tracked = trackedEstimate(one, options, problem.key);
      const found = await estimateLogPartition(problem);
      results.set(one.name, [...found, { estimator: "tracking", ...tracked }]);
    }
  });
  const exactOf = (name: string): number => results.get(name)![0].value;
  const others = (name: string): readonly AnyEstimate[] => results.get(name)!.slice(1);
  const of = (name: string, estimator: string): AnyEstimate =>
    others(name).find((estimate) => estimate.estimator === estimator)!;

  // the default effort, and 0.1 nat, are for study.test.ts
  it.each(names)("is within 3.5 of its own errors, which are small, without a doubt (%s)", (name) => {
    expect(others(name)).toHaveLength(name === "no data" ? 3 : 4);
    for (const { estimator, value, error, doubt } of others(name)) {
      expect(Math.abs(value - exactOf(name)), estimator).toBeLessThan(3.5 * error);
      expect(error, estimator).toBeLessThan(0.12);
      expect(doubt, estimator).toBeNull();
    }
  });

  it.each(names)(
    "has the exact value between the lower and the upper bound, within their errors (%s)",
    (name) => {
      const [lower, upper] = [of(name, "ais"), of(name, "reverse-ais")];
      expect(lower.value).toBeLessThan(exactOf(name) + 3 * lower.error);
      expect(upper.value).toBeGreaterThan(exactOf(name) - 3 * upper.error);
    },
  );

  it("prefers the exact value, and what is not in doubt", () => {
    const estimates = results.get("spin")!.filter(isNamed);
    expect(bestEstimate(estimates)?.estimator).toBe("exact");
    const doubted = estimates.slice(1).map((estimate) => ({
      ...estimate,
      doubt: estimate.estimator === "reverse-ais" ? null : "some",
    }));
    expect(bestEstimate(doubted)?.estimator).toBe("reverse-ais");
    expect(bestEstimate([])).toBeNull();
  });
});

describe("estimators of ln Z", () => {
  it("know a layer without weights exactly: (n + m) ln 2", async () => {
    const layer = zeroRbm("spin", 37, 30);
    const found = await estimateLogPartition(problemOf({ name: "zero", layer, data: null, target: null }));
    expect(found.map(({ estimator }) => estimator)).toEqual(["ais", "reverse-ais"]);
    for (const { value, error, doubt } of found) {
      expect(value).toBeCloseTo(67 * Math.LN2, 5);
      expect(error).toBeLessThan(1e-6);
      expect(doubt).toBeNull();
    }
  });

  it("say why they cannot be used, and leave the rest to the others", async () => {
    const problem = problemOf({ name: "big", layer: zeroRbm("spin", 30, 30), data: null, target: null });
    const found = await estimateLogPartition({ ...problem, options: { chains: 8, steps: 4 } });
    expect(found.map(({ estimator }) => estimator)).toEqual(["ais", "reverse-ais"]);
    expect(logPartitionEstimatorNames).toEqual(["exact", "ais", "reverse-ais", "bennett"]);
  });

  it("are functions of the problem and the key, for any number of threads", async () => {
    const { data, target } = await isingData(8, 0.3, 200);
    const layer = randomLayer("binary", 64, 1, true, "threads", 30);
    const run = async (threads: number, seed: string): Promise<readonly LogPartitionEstimate[]> => {
      const kernels = openKernels("wasm", threads);
      const problem = problemOf({ name: seed, layer, data, target });
      const options = { chains: 20, steps: 20 };
      try {
        const found = await estimateLogPartition({ ...problem, kernels, options });
        return [...found, trackedEstimate({ layer, data }, options, problem.key, kernels)];
      } finally {
        kernels.close();
      }
    };
    const one = await run(1, "a");
    expect(await run(3, "a")).toEqual(one);
    expect((await run(1, "b"))[0].value).not.toBe(one[0].value);
  });

  it("can be stopped between steps", async () => {
    let steps = 0;
    const problem = problemOf({
      name: "stop",
      layer: randomLayer("spin", 64, 1, false, "stop"),
      data: null,
      target: null,
    });
    const pause = (): void => {
      if (++steps === 10) throw new Error("stopped");
    };
    await expect(estimateLogPartition({ ...problem, pause }, ["ais"])).rejects.toThrow("stopped");
  });

  it("refuse too few chains or steps", async () => {
    const problem = problemOf({ name: "few", layer: zeroRbm("spin", 8, 8), data: null, target: null });
    for (const options of [
      { chains: 3, steps: 10 },
      { chains: 10, steps: 0 },
    ]) {
      await expect(estimateLogPartition({ ...problem, options }, ["ais"])).rejects.toThrow(
        /expected a whole number/,
      );
    }
  });
});

describe.each(["spin", "binary"] as const)("a mode that annealing never enters (%s units)", (units) => {
  it.each([4, 10])("and that has e^%i times the weight of the others is noticed", async (excess) => {
    const layer = bimodalLayer(units, 64, excess);
    const problem = problemOf({ name: `bimodal ${excess}`, layer, data: null, target: null });
    const [exact, ...estimates] = await estimateLogPartition(problem);
    const alone = await estimateLogPartition(problem, ["ais"]);
    for (const { value, error, doubt } of [...estimates, ...alone]) {
      expect(value).toBeLessThan(exact.value - excess + 1);
      expect(error).toBeLessThan(0.1);
      expect(doubt).toMatch(/modes that no annealed chain has reached/);
    }
  });
});
