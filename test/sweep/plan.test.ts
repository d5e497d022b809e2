import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { type RawConfig, resolveConfig, runIdentity } from "../../src/runs/index.js";
import { flatten, nest } from "../../src/sweep/flat-config.js";
import { flatTaskConfig } from "../../src/sweep/plan.js";
import { readPlan } from "../../src/sweep/plan-file.js";
import { planSweep } from "../../src/sweep/planning.js";
import { taskConfig } from "../../src/sweep/resolve-tasks.js";
import { temporaryFolder } from "../io/temporary.js";
import { planOf, sweepFile, TestMachine } from "./sweeps.js";

const base = "base:\n  sample: { lattice: 4x4, coupling: 0.4, samples: 100 }\n";
const machine = new TestMachine();

function text(temperatures: string, more = ""): string {
  return `name: s\n${base}matrix:\n  sample.temperature: ${temperatures}\n  train.l1: [0, 0.1]\n${more}`;
}

describe("a plan", () => {
  it("gives every task the id of the run that rbm-rg train makes of the same configuration", () => {
    const raw: RawConfig = { sample: { lattice: "4x4", coupling: 0.4, samples: 100 } };
    const assignments = fc.record({
      "sample.temperature": fc.double({ min: 0.5, max: 5, noNaN: true }),
      "model.hidden": fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant([4, 2])),
      "train.l1": fc.constantFrom(0, 0.1),
      seed: fc.constantFrom("1", "two"),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(assignments, { minLength: 1, maxLength: 4, selector: (a) => JSON.stringify(a) }),
        (all) => {
          const zip = Object.fromEntries(
            (["sample.temperature", "model.hidden", "train.l1"] as const).map((key) => [
              key,
              all.map((a) => a[key]),
            ]),
          );
          fc.pre(new Set(all.map((a) => JSON.stringify({ ...a, seed: "" }))).size === all.length);
          const path = sweepFile(
            temporaryFolder(),
            JSON.stringify({ base: raw, matrix: { zip: [zip] }, seeds: ["two"] }),
          );
          const expected = all.map((a) =>
            runIdentity(resolveConfig(taskConfig(raw, { ...a, seed: "two" })), null).slice(0, 12),
          );
          expect(planOf(path).tasks.map(({ id }) => id)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("has ids that stay the same whatever else is in the file", () => {
    const ids = (content: string): readonly string[] =>
      planOf(sweepFile(temporaryFolder(), content)).tasks.map(({ id }) => id);
    const small = ids(text("[2, 2.5]"));
    const large = ids(text("[3, 2.5, 2]").replace("name: s", "name: other"));
    expect(new Set(large).size).toBe(6);
    expect(small.every((id) => large.includes(id))).toBe(true);
    expect(small).toEqual(["a", "b", "c", "d"].map((_, index) => small[index]));
  });

  it("holds each task's complete configuration", () => {
    const path = sweepFile(
      temporaryFolder(),
      `${base}matrix:\n  zip:\n    - train.rate_schedule: [constant, linear]\n      train.learning_rate: [0.1, 0.2]\n`.replace(
        "samples: 100 }\n",
        "samples: 100 }\n",
      ),
    );
    expect(() => planOf(path)).toThrow(/final_learning_rate: missing/);
    const plan = planOf(
      sweepFile(
        temporaryFolder(),
        `${base}matrix: { model.hidden: [4, [8, 2]], sample.temperature: [2] }\nseeds: 2\n`,
      ),
    );
    const last = nest(flatTaskConfig(plan, plan.tasks.at(-1)!));
    expect(last).toMatchObject({
      seed: "2",
      name: "sweep-hidden=8+2-temperature=2-seed=2",
      model: { hidden: [8, 2] },
      sample: { coupling: 0.5 },
    });
    expect(flatten(last)).toEqual(flatTaskConfig(plan, plan.tasks.at(-1)!));
  });

  it("shares the samples of tasks that differ in training alone, and only theirs", () => {
    const plan = planOf(
      sweepFile(
        temporaryFolder(),
        text("[2, 2.5]", "seeds: 2\nexclude: [{ train.l1: 0.1, seed: 2, sample.temperature: 2 }]\n"),
      ),
    );
    const data = plan.tasks.map(({ data }) => data);
    expect(data).toHaveLength(7);
    // T = 2: seed 1 twice, seed 2 once; T = 2.5: both seeds twice.
    expect(data.filter((hash) => hash === null)).toHaveLength(1);
    expect(new Set(data).size).toBe(4);
    for (const [a, b] of [
      [0, 2],
      [3, 5],
      [4, 6],
    ])
      expect(data[a]).toBe(data[b]);
  });

  it("is written once: the same file, or the same tasks in another order, change nothing", async () => {
    const folder = temporaryFolder();
    const place = { file: sweepFile(folder, text("[2, 2.5]")), folder: join(folder, "out") };
    expect(await planSweep(place, machine, { extend: false })).toMatchObject({ added: 4, left: 0 });
    const path = join(place.folder, "plan.json");
    const [bytes, { mtimeMs }] = [readFileSync(path), statSync(path)];
    for (const content of [
      text("[2, 2.5]"),
      text('"2:2.5:0.5"'),
      text("[2.5, 2]"),
      text("[2, 2.5]", "seeds: [1]\n"),
    ]) {
      sweepFile(folder, content);
      expect((await planSweep(place, machine, { extend: true })).added).toBe(0);
      expect((await planSweep(place, machine, { extend: false })).added).toBe(0);
    }
    expect(readFileSync(path)).toEqual(bytes);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    expect(readPlan(place.folder, place.file)).toEqual(planOf(sweepFile(folder, text("[2, 2.5]"))));
  });

  it("refuses another file, says what differs, and is only ever appended to", async () => {
    const folder = temporaryFolder();
    const place = { file: sweepFile(folder, text("[2, 2.5]")), folder: join(folder, "out") };
    const { plan: before } = await planSweep(place, machine, { extend: false });
    sweepFile(folder, text("[2, 3]"));
    const refused = planSweep(place, machine, { extend: false });
    await expect(refused).rejects.toThrow(OutputError);
    await expect(refused).rejects.toThrow(
      /2 tasks are new \(sample\.temperature=3, train\.l1=0; .*\), 2 planned tasks are gone \(sample\.temperature=2\.5.*--extend/,
    );
    expect(readPlan(place.folder, place.file)).toEqual(before);
    const extended = await planSweep(place, machine, { extend: true });
    expect(extended).toMatchObject({ added: 2, left: 2 });
    expect(extended.plan.tasks.slice(0, 4)).toEqual(before.tasks);
    expect(extended.plan.tasks.slice(4).map(({ index }) => index)).toEqual([4, 5]);
    expect(readPlan(place.folder, place.file)).toEqual(extended.plan);
  });

  it("joins new tasks to a dataset that planned ones share, and keeps absent keys absent", async () => {
    const folder = temporaryFolder();
    const linear = "train.rate_schedule: [linear], train.final_learning_rate: [0.001]";
    const place = {
      file: sweepFile(folder, `name: s\n${base}matrix: { train.l1: [0, 1], ${linear} }\n`),
      folder: join(folder, "out"),
    };
    const { plan } = await planSweep(place, machine, { extend: false });
    sweepFile(folder, `name: s\n${base}matrix: { train.l1: [2] }\n`);
    const { plan: extended } = await planSweep(place, machine, { extend: true });
    expect(extended.tasks[2].data).toBe(plan.tasks[0].data);
    const config = flatTaskConfig(extended, extended.tasks[2]);
    expect(config).not.toHaveProperty(["train.final_learning_rate"]);
    expect(config).toEqual(flatTaskConfig(planOf(place.file), planOf(place.file).tasks[0]));
  });

  it("is made once by processes that plan at the same time", async () => {
    const folder = temporaryFolder();
    const place = { file: sweepFile(folder, text("[2, 2.5]")), folder: join(folder, "out") };
    const both = await Promise.all([1, 2].map(() => planSweep(place, machine, { extend: false })));
    expect(both.map(({ added }) => added).sort()).toEqual([0, 4]);
  });

  it("has room for ten thousand tasks", async () => {
    const folder = temporaryFolder();
    const file = sweepFile(
      folder,
      'base: { sample: { lattice: 40x40 } }\nmatrix: { sample.temperature: "1:2.98:0.02", train.l1: "0:0.09:0.01" }\nseeds: 10\n',
    );
    const place = { file, folder: join(folder, "out") };
    const { plan } = await planSweep(place, machine, { extend: false });
    expect(plan.tasks).toHaveLength(10_000);
    expect(new Set(plan.tasks.map(({ id }) => id)).size).toBe(10_000);
    expect(readPlan(place.folder, file)).toEqual(plan);
    expect(statSync(join(place.folder, "plan.json")).size).toBeLessThan(4e6);
  });
});
