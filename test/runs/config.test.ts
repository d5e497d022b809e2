import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { ConfigError } from "../../src/errors/index.js";
import { RbmRgError } from "../../src/errors/index.js";
import {
  isFileSource,
  overlay,
  parseYaml,
  readConfigFile,
  resolveConfig,
  writtenForm,
} from "../../src/runs/index.js";

const minimal = { sample: { lattice: "8x8", coupling: 0.4 } };

describe("configuration", () => {
  it("fills in defaults and survives being written and read back", () => {
    const config = resolveConfig(minimal);
    expect(config.hidden).toEqual([64]);
    expect(config.name).toBe("8x8-K0.4-h64");
    expect(config.training.centered).toBe(true);
    expect(config.training.finalLearningRate).toBe(config.training.learningRate);
    const again = resolveConfig(parseYaml(stringify(writtenForm(config)), "test"));
    expect(again).toEqual(config);
  });

  it("takes temperature and beta for coupling, inf for infinite temperature", () => {
    const coupling = (sample: object): number => {
      const { data } = resolveConfig({ sample: { lattice: 16, ...sample } });
      return isFileSource(data) ? NaN : data.coupling;
    };
    expect(coupling({ temperature: 2.5 })).toBe(0.4);
    expect(coupling({ beta: 0.3 })).toBe(0.3);
    expect(coupling({ temperature: "inf" })).toBe(0);
  });

  it("lets a later source replace the temperature however it was given, and only that", () => {
    const upper = overlay(minimal, { sample: { temperature: 2 }, train: { epochs: 3 } });
    expect(upper).toEqual({ sample: { lattice: "8x8", temperature: 2 }, train: { epochs: 3 } });
  });

  it("accepts kebab-case and snake_case keys", () => {
    const config = parseYaml("train: { learning-rate: 0.5, batch_size: 7 }", "test");
    expect(config).toEqual({ train: { learningRate: 0.5, batchSize: 7 } });
  });

  it("reports every error at once, with path, value and what was expected", () => {
    const raw = { sample: { lattice: "0x3", temperature: 0, samples: -1 }, train: { epocs: 3, l1: "much" } };
    let issues: readonly string[] = [];
    try {
      resolveConfig(raw);
    } catch (error) {
      issues = (error as ConfigError).issues.map(({ path }) => path);
    }
    expect(issues).toEqual(
      expect.arrayContaining(["sample.temperature", "sample.samples", "train.epocs", "train.l1"]),
    );
  });

  it("of every packaged scale is valid; paper is as printed", () => {
    const path = fileURLToPath(new URL("../../configs/mehta-schwab.yaml", import.meta.url));
    for (const scale of ["smoke", "standard", "paper"]) {
      const { data, hidden, training } = resolveConfig(readConfigFile(path, scale), path);
      expect(training.estimator).toBe("cd");
      if (scale === "smoke") continue;
      expect(data).toMatchObject({ lattice: "40x40", coupling: 0.408, samples: 20_000 });
      expect(hidden).toEqual([400, 100, 25]);
      if (scale === "standard") continue;
      expect(training).toMatchObject({
        units: "binary",
        bias: true,
        epochs: 200,
        learningRate: 0.1,
        momentum: 0.5,
      });
      expect(training.penalty).toEqual({ l1: 2e-4, l1Form: "subgradient", l2: 0 });
    }
    expect(() => readConfigFile(path, "huge")).toThrow(/"huge".*smoke, paper|"huge".*standard/);
  });

  it("refuses to centre the gradient without biases", () => {
    const raw = { ...minimal, model: { bias: false }, train: { centered: true } };
    expect(() => resolveConfig(raw)).toThrow(/train\.centered/);
  });

  it("never fails with anything but our own errors, whatever it is given", () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.constant(undefined));
    const section = (...keys: readonly string[]) =>
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value);
    const raw = fc.record(
      {
        name: value,
        seed: value,
        data: fc.oneof(value, section("path", "lattice")),
        sample: fc.oneof(
          value,
          section("lattice", "coupling", "temperature", "samples", "chains", "algorithm", "field"),
        ),
        model: fc.oneof(value, section("hidden", "units", "bias")),
        train: fc.oneof(
          value,
          section("epochs", "estimator", "learningRate", "l1", "dataPhase", "rateSchedule"),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(raw, (config) => {
        try {
          resolveConfig(config);
        } catch (error) {
          expect(error).toBeInstanceOf(RbmRgError);
        }
      }),
      { numRuns: 3000, seed: 20261121 },
    );
  });
});
