import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { resolveConfig } from "../../src/runs/index.js";
import { trainingOptions } from "../../src/runs/config/training-options.js";
import { expectError } from "../io/temporary.js";

describe("trainingOptions", () => {
  it("has the defaults of a configuration, and changes what is asked for", () => {
    const sample = { lattice: "4x4", coupling: 0.4 };
    expect(trainingOptions()).toEqual(resolveConfig({ sample }).training);
    const train = {
      objective: "free-energy",
      gauge: "data",
      estimator: "exact",
      l1: 0.01,
      epochs: 3,
    } as const;
    expect(trainingOptions({ ...train, units: "binary", bias: false })).toEqual(
      resolveConfig({ sample, train, model: { units: "binary", bias: false } }).training,
    );
  });

  it("lists all that is wrong", () => {
    const wrong = { epochs: -1, learningRate: 0, rateSchedule: "linear" } as const;
    expectError(() => trainingOptions(wrong), ConfigError, /train.epochs/, /train.learning_rate/);
    const unknown = { learnigRate: 0.1 } as object;
    expectError(() => trainingOptions(unknown), ConfigError, /did you mean train.learning_rate/);
  });
});
