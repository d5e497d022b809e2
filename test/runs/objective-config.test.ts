import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../src/errors/index.js";
import { type GaugeName, type ObjectiveName, objectives } from "../../src/rbm/objectives/index.js";
import {
  isMeasuredValue,
  readMeasuredValue,
  writtenMeasuredValue,
} from "../../src/runs/config/measured-value.js";
import { isFileSource, parseYaml, resolveConfig, writtenForm } from "../../src/runs/index.js";
import { runIdentity } from "../../src/runs/run-manifest.js";

const sample = { lattice: "4x4", coupling: 0.4 };
const model = { hidden: [4] };

/** The issues of a configuration as `path: message`; none if it is good. */
function issues(train: object, rest: object = { sample, model }): readonly string[] {
  try {
    resolveConfig({ ...rest, train });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe("the objective of a configuration", () => {
  it.each(Object.keys(objectives) as ObjectiveName[])(
    "%s survives being written and read back",
    (objective) => {
      for (const more of objective === "free-energy"
        ? (["literal", "data", "model"] satisfies GaugeName[]).map((gauge) => ({ gauge }))
        : [objective === "hybrid" ? { mu: 0.25 } : {}]) {
        const config = resolveConfig({ sample, model, train: { objective, ...more } });
        expect(config.training).toMatchObject({ objective, ...more });
        const written = writtenForm(config) as { readonly train: Record<string, unknown> };
        expect(Object.keys(written.train).filter((key) => key === "gauge" || key === "mu")).toEqual(
          Object.keys(more),
        );
        expect(resolveConfig(parseYaml(stringify(written), "test"))).toEqual(config);
      }
    },
  );

  it("chooses an estimator that serves it, and leaves the gradient uncentred beyond kl", () => {
    const chosen = (train: object): string => resolveConfig({ sample, model, train }).training.estimator;
    expect(chosen({})).toBe("cd");
    expect(chosen({ objective: "trace" })).toBe("cd");
    expect(chosen({ objective: "free-energy", gauge: "data" })).toBe("cd");
    for (const train of [
      { objective: "free-energy" },
      { objective: "free-energy", gauge: "model" },
      { objective: "hybrid" },
    ]) {
      expect(chosen(train)).toBe("pcd");
      expect(chosen({ ...train, estimator: "exact" })).toBe("exact");
      expect(issues({ ...train, estimator: "cd" })).toEqual([
        expect.stringMatching(/^train\.estimator: .*pcd/),
      ]);
    }
    expect(resolveConfig({ sample, model, train: {} }).training.centered).toBe(true);
    expect(resolveConfig({ sample, model, train: { objective: "trace" } }).training.centered).toBe(false);
  });

  it("does not take what belongs to another, or to a single layer", () => {
    expect(issues({ gauge: "data" })).toEqual([
      expect.stringMatching(/^train\.gauge: "data": has no effect/),
    ]);
    expect(issues({ objective: "trace", mu: 2 })).toEqual([
      expect.stringMatching(/^train\.mu: 2: has no effect/),
    ]);
    expect(issues({ objective: "trace" }, { sample, model: { hidden: [4, 2] } })).toEqual([
      expect.stringMatching(/^train\.objective: .*one layer/),
    ]);
    expect(issues({}, { sample, model: { hidden: [4, 2] } })).toEqual([]);
    const large = { sample: { lattice: "8x8", coupling: 0.4 }, model };
    const byModel = { objective: "free-energy", gauge: "model", estimator: "exact" };
    expect(issues(byModel, large)).toEqual([expect.stringMatching(/^train\.estimator: .*64; use pcd/)]);
    expect(issues({ objective: "free-energy", estimator: "exact" }, large)).toEqual([]);
    expect(issues({ objective: "free-enrgy" })[0]).toMatch(/free-energy/);
  });
});

describe("ln Z of imported data", () => {
  const withData = (data: object) => resolveConfig({ data: { path: "x.npy", ...data }, model });

  it("is a number, or one with its error in several spellings", () => {
    for (const [text, value, error] of [
      ["1421.4±0.2", 1421.4, 0.2],
      ["1421.4 +- 0.2", 1421.4, 0.2],
      ["-3e2+/-1.5e-1", -300, 0.15],
      ["17", 17, 0],
      [17.5, 17.5, 0],
    ] as const) {
      const { data } = withData({ logPartition: text });
      expect(isFileSource(data) && data.logPartition).toEqual({ value, error });
      expect(readMeasuredValue(writtenMeasuredValue({ value, error }))).toEqual({ value, error });
    }
    for (const text of [
      ...["", "±0.2", "1±", "1±x", "1 2", "inf", "0x10", "1±0.2±3"],
      ...["11±-1", "11+--1", "1e400", "-1e400", "1±1e400"],
    ]) {
      expect(isMeasuredValue(text), text).toBe(false);
      expect(() => withData({ logPartition: text })).toThrow(ConfigError);
    }
  });

  it("is written with the data, and part of what a run is", () => {
    const [without, exact, measured] = [{}, { logPartition: 12.5 }, { logPartition: "12.5±0.1" }].map(
      withData,
    );
    for (const config of [without, exact, measured]) {
      expect(resolveConfig(parseYaml(stringify(writtenForm(config)), "test"))).toEqual(config);
    }
    expect(writtenForm(without)["data"]).toEqual({ path: "x.npy" });
    expect(writtenForm(exact)["data"]).toEqual({ path: "x.npy", log_partition: 12.5 });
    const identities = [without, exact, measured].map((config) => runIdentity(config, "hash"));
    expect(new Set(identities).size).toBe(3);
  });

  it("is refused beside a sampled model, whose ln Z is computed", () => {
    const found = issues({}, { sample, model, data: { logPartition: 3 } });
    expect(found).toContainEqual(
      expect.stringMatching(/^data\.log_partition: .*ln Z of a sampled model is computed/),
    );
  });
});
