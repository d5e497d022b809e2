import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { temporaryFolder } from "../io/temporary.js";
import { planOf, sweepFile } from "./sweeps.js";

const base = "base:\n  sample: { lattice: 4x4, coupling: 0.4, samples: 100 }\n";

function plan(text: string) {
  return planOf(sweepFile(temporaryFolder(), text));
}

/** The issues of a file as `path: message`. */
function issuesOf(text: string): readonly string[] {
  try {
    plan(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  throw new Error("expected a ConfigError");
}

describe("a sweep file", () => {
  it("expands ranges, lists, groups that advance together, and seeds", () => {
    const { name, tasks } = plan(
      `name: mine\n${base}matrix:\n  sample.temperature: "2:2.2:0.1"\n  zip:\n` +
        `    - { model.hidden: [4, [8, 4]], train.learning-rate: [0.1, 0.2] }\nseeds: [7, x]\n`,
    );
    expect(name).toBe("mine");
    expect(tasks).toHaveLength(3 * 2 * 2);
    expect(tasks[0].assignment).toEqual({
      "sample.temperature": 2,
      "model.hidden": 4,
      "train.learning_rate": 0.1,
      seed: "7",
    });
    expect(tasks.at(-1)!.assignment).toEqual({
      "sample.temperature": 2.2,
      "model.hidden": [8, 4],
      "train.learning_rate": 0.2,
      seed: "x",
    });
  });

  it("takes its name from the file, its seed from the base, and counts seeds from 1", () => {
    const one = plan(`${base}  seed: ten\n`);
    expect(one.name).toBe("sweep");
    expect(one.common["seed"]).toBe("ten");
    expect(plan(`${base}seeds: 3\n`).tasks.map(({ own }) => own["seed"])).toEqual(["1", "2", "3"]);
  });

  it("takes a configuration file as its base, found from its own folder, and one of its scales", () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "base.yaml"),
      "sample: { lattice: 4x4, coupling: 0.4 }\nscales: { small: { sample: { samples: 10 } } }\n",
    );
    const path = sweepFile(folder, "base: base.yaml\nscale: small\nmatrix: { train.l1: [0, 1] }\n");
    expect(planOf(path).common["sample.samples"]).toBe(10);
  });

  it("leaves out what is excluded: one value, one of several, or a list that is a value", () => {
    const matrix = "matrix: { sample.temperature: [2, 2.5, 3], model.hidden: [4, [8, 4]] }\n";
    const left = (exclude: string): readonly string[] =>
      plan(`${base}${matrix}seeds: 2\nexclude:\n  - ${exclude}\n`).tasks.map(({ assignment }) =>
        Object.values(assignment)
          .map((v) => JSON.stringify(v))
          .join(" "),
      );
    expect(left("{ model.hidden: [8, 4], seed: 1 }")).toHaveLength(9);
    expect(left("{ sample.temperature: [2, 3] }")).toEqual([
      '2.5 4 "1"',
      '2.5 4 "2"',
      '2.5 [8,4] "1"',
      '2.5 [8,4] "2"',
    ]);
  });

  it("reports everything wrong with it at once", () => {
    const issues = issuesOf(
      "name: a b\nbase: 5\nscale: 3\nmatirx: 1\nseeds: 0\nmatrix:\n  seed: [1]\n  lattice: [4x4]\n" +
        '  train.l1: 0.1\n  sample.temperature: "3:2:0.1"\n  zip:\n    - { train.l2: [1, 2], train.steps: [1] }\n' +
        "exclude: [{ train.epochs: 3 }]\n",
    ).join("\n");
    for (const expected of [
      /^name: "a b": expected letters/m,
      /^base: 5: expected a configuration/m,
      /^scale: 3/m,
      /^matirx: unknown key; did you mean matrix\?/m,
      /^seeds: 0: expected how many/m,
      /^matrix\.seed: .*seeds: 5/m,
      /^matrix\.lattice: expected the path of a key/m,
      /^matrix\.train\.l1: 0\.1: expected a list of values/m,
      /^matrix\.sample\.temperature: "3:2:0\.1": expected .*range/m,
      /^matrix\.zip\.0: train\.l2 has 2 values, train\.steps has 1 values; .*same length/m,
      /^exclude\.0\.train\.epochs: does not vary/m,
    ]) {
      expect(issues).toMatch(expected);
    }
    expect(issues).not.toMatch(/missing/);
  });

  it("does not call missing what it could not read", () => {
    const sample = "base:\n  sample: { lattice: 4x4 }\n";
    expect(issuesOf(`${sample}matrix: { sample.temperature: "2:1:1" }\n`)).toHaveLength(1);
    expect(issuesOf(`${sample}matrix: { train.l1: "2:1:1" }\n`).join("\n")).toMatch(
      /base\.sample\.coupling: missing/,
    );
  });

  it("reports the errors of all tasks, each once, with the tasks it is about", () => {
    const issues = issuesOf(
      `${base}  train: { epochs: -1 }\nmatrix: { train.l1: [0, -1], train.learning_rat: [1], model.hidden: [4, 0] }\n`,
    );
    expect(issues).toHaveLength(4);
    const text = issues.join("\n");
    expect(text).toMatch(/^base\.train\.epochs: -1: expected a whole number ≥ 0$/m);
    expect(text).toMatch(/^matrix\.train\.learning_rat: unknown key; did you mean train\.learning_rate\?$/m);
    expect(text).toMatch(/^matrix\.train\.l1: -1: .* \(2 of 4 tasks, those with train\.l1=-1, /m);
    expect(text).toMatch(/^matrix\.model\.hidden: .* \(2 of 4 tasks, those with .*model\.hidden=0\)$/m);
  });

  it("finds contradictions between keys, and between keys and sizes", () => {
    expect(issuesOf(`${base}matrix: { sample.temperature: [2], sample.beta: [1] }\n`).join()).toMatch(
      /contradict/,
    );
    expect(
      issuesOf(
        `${base}matrix: { train.estimator: [exact, cd], sample.lattice: [4x4, 8x8], model.hidden: [64] }\n`,
      ),
    ).toEqual([expect.stringMatching(/^matrix\.train\.estimator: .*layer 1 is 64 × 64.* \(1 of 4 tasks/)]);
  });

  it.each([
    ["matrix: { train.l1: [1, 1] }", /^matrix\.train\.l1: 1 occurs twice/],
    ["matrix: { train.l1: [1], zip: [{ train.l1: [2] }] }", /^matrix\.train\.l1: varies twice/],
    ["matrix: { sample.temperature: [2], zip: 3 }", /^matrix\.zip: 3: expected a list of groups/],
    ["matrix: [1]", /^matrix: \[1\]: expected keys and their values/],
    ["matrix: { train.l1: [{ a: 1 }] }", /^matrix\.train\.l1: .*expected a list of values/],
    ["matrix: { name: [a] }", /^matrix\.name: cannot vary/],
    ["matrix: { train.l1: [0] }\nseeds: [1, 1]", /^seeds: 1 occurs twice/],
    [
      "matrix: { train.l1: [0] }\nexclude: [{ train.l1: 1 }]",
      /^exclude\.0\.train\.l1: 1: expected one of .*: 0$/,
    ],
    ["matrix: { train.l1: [0] }\nexclude: [{ train.l1: 0 }]", /^exclude: leaves no task/],
    ['matrix: { train.l1: "0:1:0.001", train.l2: "0:1:0.001" }', /^matrix: expands to 1002001 combinations/],
    ["matrix: { train.l1: [0] }\nexclude: [{}]", /^exclude\.0: \{\}: .*would leave out every task$/],
    ["matrix: { __proto__.x: [2] }", /^matrix\.__proto__\.x: expected the path of a key/],
    ["matrix: { sampel.field: [0] }", /^matrix\.sampel: unknown key; did you mean sample\?/],
    [`name: ${"n".repeat(300)}`, /^name: "n+": expected at most 200 characters$/],
    ["question: 5", /^question: 5: expected text$/],
    ["matrix: { sample.beta: [0.5, 0.25], zip: [{ sample.temperature: [2, 4] }] }", /contradict/],
  ])("%s", (text, message) => {
    expect(issuesOf(`${base}${text}\n`)[0]).toMatch(message);
  });

  it("refuses two ways to write one experiment", () => {
    expect(issuesOf(`${base}matrix: { sample.start: [hot], model.hidden: [4, [4]] }\n`)).toEqual([
      "matrix: sample.start=hot, model.hidden=4 and sample.start=hot, model.hidden=[4] are the same experiment; remove or exclude one",
    ]);
  });

  it("reports data that cannot be read, once", () => {
    expect(issuesOf("base: { data: { path: absent.npy } }\nmatrix: { train.l1: [0, 1] }\n")).toEqual([
      expect.stringMatching(/^base\.data\.path: absent\.npy does not exist/),
    ]);
  });
});

describe("a sweep file with parts", () => {
  const parts = `${base}  train: { epochs: 2 }
seeds: 2
parts:
  rates:
    matrix: { train.learning_rate: [0.1, 0.2] }
  large_field:
    base: { train: { epochs: 5 }, sample: { field: 0.5 } }
    seeds: [a]
    matrix: { train.learning_rate: [0.1, 0.2] }
    exclude: [{ train.learning_rate: 0.2 }]
`;

  it("is one plan of several grids, each around the base with its own laid over it", () => {
    const { common, tasks } = plan(parts);
    expect(tasks.map((task) => [...task.parts, ...Object.values(task.assignment)])).toEqual([
      ["rates", 0.1, "1"],
      ["rates", 0.1, "2"],
      ["rates", 0.2, "1"],
      ["rates", 0.2, "2"],
      ["large_field", 0.1, "a"],
    ]);
    const configs = tasks.map(({ own }) => ({ ...common, ...own }));
    expect(configs.map((config) => config["train.epochs"])).toEqual([2, 2, 2, 2, 5]);
    expect(configs.map((config) => config["sample.field"])).toEqual([0, 0, 0, 0, 0.5]);
  });

  it("shares what two parts ask for, and takes the same twice in one part for an error", () => {
    const same = (matrix: string): string =>
      `${base}parts:\n  one: { matrix: { train.l1: [0, 0.1] } }\n  two: { ${matrix} }\n`;
    expect(plan(same("base: { train: { l1: 0.1 } }")).tasks.map((task) => task.parts)).toEqual([
      ["one"],
      ["one", "two"],
    ]);
    expect(
      issuesOf(same("matrix: { train.learning_rate: [0.01], train.l1: [0], train.l2: [0, -0.0] }")),
    ).toEqual([expect.stringMatching(/0 occurs twice|the same experiment/)]);
  });

  it("has scales, which may leave a part out", () => {
    const folder = temporaryFolder();
    const path = sweepFile(
      folder,
      `${parts}scales:\n  small: { name: little, base: { train: { epochs: 1 } }, parts: { rates: null } }\n`,
    );
    expect(planOf(path).tasks).toHaveLength(5);
    const small = planOf(path, { scale: "small" });
    expect(small.name).toBe("little");
    expect(small.tasks.map((task) => task.parts)).toEqual([["large_field"]]);
    expect(() => planOf(path, { scale: "huge" })).toThrow(/"huge": .* defines standard, small/);
  });

  it("names its seeds anew with a seed from outside", () => {
    const seeds = (text: string): readonly unknown[] =>
      planOf(sweepFile(temporaryFolder(), text), { seed: "x" }).tasks.map(
        ({ assignment, own }) => assignment["seed"] ?? own["seed"],
      );
    expect(seeds(parts)).toEqual(["x.1", "x.2", "x.1", "x.2", "x.a"]);
    expect(planOf(sweepFile(temporaryFolder(), `${base}  seed: 7\n`), { seed: "x" }).common["seed"]).toBe(
      "x",
    );
  });

  it("says in which part what is wrong, and what is wrong with the base once", () => {
    const issues = issuesOf(
      `${base}  train: { epochs: -1 }\nmatrix: { train.l1: [0] }\nparts:\n` +
        "  one: { matrix: { train.l1: [-1] }, matirx: 1 }\n  two: { base: { model: { hiden: 3 } } }\n  three: 5\n",
    );
    expect(issues.filter((issue) => issue.includes("epochs"))).toEqual([
      "base.train.epochs: -1: expected a whole number ≥ 0",
    ]);
    const text = issues.join("\n");
    for (const expected of [
      /^matrix: belongs into one of the parts$/m,
      /^parts\.one\.matirx: unknown key; did you mean matrix\?$/m,
      /^parts\.one\.matrix\.train\.l1: -1: expected/m,
      /^parts\.two\.base\.model\.hiden: unknown key; did you mean model\.hidden\?$/m,
      /^parts\.three: 5: expected base, matrix, seeds or exclude$/m,
    ]) {
      expect(text).toMatch(expected);
    }
    expect(issuesOf(`${base}parts: {}\n`)).toEqual([expect.stringMatching(/^parts: expected names/)]);
    const empty = `${base}parts: { a: { seeds: 1, exclude: [{ seed: 1 }] }, b: {} }\n`;
    expect(issuesOf(empty)).toEqual(["parts.a.exclude: leaves no task; exclude less"]);
  });
});
