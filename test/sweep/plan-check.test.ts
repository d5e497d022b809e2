import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError, OutputError } from "../../src/errors/index.js";
import { encodeNpy } from "../../src/io/index.js";
import {
  flatTaskConfig,
  InputCheck,
  type Plan,
  planSweep,
  runTask,
  StopRequest,
  surveySweep,
} from "../../src/sweep/index.js";
import { readPlan, writePlan } from "../../src/sweep/plan-file.js";
import { taskId } from "../../src/sweep/task-id.js";
import { temporaryFolder } from "../io/temporary.js";
import { bench, sharing, usual, varied } from "./bench.js";
import { leaveRun, planOf, sweepFile, TestMachine } from "./sweeps.js";

const machine = new TestMachine();

/** Plan a sweep, replace something in its plan.json, and read that. */
async function edited(text: string, change: (plan: string) => string): Promise<() => Plan> {
  const { sweep } = await bench(text);
  const path = join(sweep, "plan.json");
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return () => readPlan(sweep, "s.yaml");
}

const replaced = (what: string | RegExp, by: string) => (plan: string) => plan.replace(what, by);

describe("a plan that was changed by hand", () => {
  it.each([
    ["the coupling of a task", replaced('"own":{"name":"sweep-temperature=2","sample.coupling":0.5', "$&1")],
    ["a setting of all tasks", replaced('"train.l1":0,', '"train.l1":0.5,')],
    ["the seed", replaced('"seed":"1"', '"seed":"2"')],
    ["a key nobody knows", replaced('"train.l1":0,', '"train.l1":0,"train.x":1,')],
    ["a key that hides in prototypes", replaced('"train.l1":0,', '"train.l1":0,"__proto__.x":1,')],
    ["a value that is none", replaced('"train.l1":0,', '"train.l1":0,"train.l1.x":0,')],
    ["where a task reads data", replaced('"train.l1":0,', '"train.l1":0,"data.path":"x.npy",')],
    ["an id", (plan: string) => plan.replace(/"id":"[0-9a-f]{12}"/, '"id":"0123456789ab"')],
    ["the place of a task", replaced('{"index":1,', '{"index":2,')],
    [
      "a task twice",
      (plan: string) =>
        plan.replace(
          /^(\{"index":0,.*\n)\{"index":1,.*\n/m,
          (_, line: string) => line + line.replace('"index":0', '"index":1'),
        ),
    ],
  ])("is refused: %s", async (_, change) => {
    const read = await edited(varied, change);
    expect(read).toThrow(DataError);
    expect(read).toThrow(
      /plan\.json has been changed since it was written: task \d \(\w{12}\) .*Restore it, or remove it and plan the sweep again: its finished runs are found again\.$/,
    );
  });

  it.each([
    ["a value of the matrix", replaced('"sample.temperature":2}', '"sample.temperature":3}')],
    ["an estimate", (plan: string) => plan.replace(/"seconds":/, '"seconds":1')],
  ])("is refused even where that changes no task: %s", async (_, change) => {
    expect(await edited(varied, change)).toThrow(
      /plan\.json has been changed since it was written\. Restore it, or remove it/,
    );
  });

  it("may be laid out in another way", async () => {
    const { sweep, plan } = await bench(varied);
    const path = join(sweep, "plan.json");
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, "utf8")), null, 2));
    expect(readPlan(sweep, "s.yaml")).toEqual(plan);
  });

  it("is refused if a task would share other data than its own", async () => {
    const { plan } = await bench(sharing);
    const hashes = [...new Set(plan.tasks.map(({ data }) => data))];
    const read = await edited(sharing, replaced(`"data":"${hashes[0]}"`, `"data":"${hashes[1]}"`));
    expect(read).toThrow(/task 0 \(\w+\) has a configuration that does not make its dataset/);
  });

  it.each([
    ["id", /"id":"[0-9a-f]{12}"/, '"id":"../../../evil"'],
    ["id", /"id":"[0-9a-f]{12}"/, '"id":"ABCDEF012345"'],
    ["data", /"data":"[0-9a-f]{12}"/, '"data":"../../evil"'],
    ["name", /"name":"sweep"/, String.raw`"name":"x\n#SBATCH --wrap=evil"`],
    ["assignment", /"assignment":\{/, '"assignment":null,"was":{'],
  ])("is no plan at all if its %s could not be the program's: %s → %s", async (_, what, by) => {
    const read = await edited(sharing, replaced(what, by));
    expect(read).toThrow(DataError);
    expect(read).toThrow(/plan\.json is not a plan made by rbm-rg sweep plan\. Restore it, or remove it/);
  });

  it("is refused with the fix if it is cut off; once it is removed, the finished runs are found again", async () => {
    const { sweep, plan, run } = await bench(varied);
    await run();
    writeFileSync(join(sweep, "SUMMARY.md"), "a study's");
    const path = join(sweep, "plan.json");
    const bytes = readFileSync(path);
    truncateSync(path, 700);
    expect(() => readPlan(sweep, "s.yaml")).toThrow(
      /plan\.json, line \d+, column \d+: not valid JSON .*Restore it, or remove it and plan the sweep again/,
    );
    rmSync(path);
    expect(() => readPlan(sweep, "s.yaml")).toThrow(/not planned yet\. Run: rbm-rg sweep plan s\.yaml/);
    const place = { file: join(sweep, "..", "sweep.yaml"), folder: sweep };
    expect(await planSweep(place, machine, { extend: false })).toMatchObject({ added: 6 });
    expect(readFileSync(path)).toEqual(bytes);
    expect(surveySweep(plan, sweep).every(({ state }) => state === "done")).toBe(true);
  });

  it("may not be made in a folder that is not a sweep's, whatever that calls runs", async () => {
    const folder = temporaryFolder();
    const place = { file: sweepFile(folder, varied), folder: join(folder, "mine") };
    mkdirSync(join(place.folder, "runs", "marathon"), { recursive: true });
    await expect(planSweep(place, machine, { extend: false })).rejects.toThrow(
      /mine holds runs and no plan\.json/,
    );
  });
});

/** Four configurations of 3 × 3 spins; `sign` tells one file from another. */
function dataFile(folder: string, sign: number): string {
  const path = join(folder, "spins.npy");
  writeFileSync(
    path,
    encodeNpy(
      Int8Array.from({ length: 36 }, (_, k) => (k % 5 === 0 ? -sign : sign)),
      [4, 3, 3],
    ),
  );
  return path;
}

describe("data that tasks read from disk", () => {
  const text = (path: string): string =>
    `base: { data: { path: ${path}, log_partition: 12.5±0.5 } }\nmatrix: { train.l1: [0, 0.1] }\n`;

  async function planned() {
    const folder = temporaryFolder();
    const place = { file: sweepFile(folder, text(dataFile(folder, 1))), folder: join(folder, "out") };
    const { plan } = await planSweep(place, machine, { extend: false });
    return { folder, place, plan };
  }

  it("are known to the plan by their hash, which the ids are made of", async () => {
    const { place, plan } = await planned();
    expect(plan.inputs).toEqual([
      {
        path: join(place.folder, "..", "spins.npy"),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
    expect(readPlan(place.folder, place.file)).toEqual(plan);
    writePlan(place.folder, { ...plan, inputs: [{ ...plan.inputs[0], sha256: "0".repeat(64) }] });
    expect(() => readPlan(place.folder, place.file)).toThrow(/do not make this id/);
    writePlan(place.folder, { ...plan, inputs: [] });
    expect(() => readPlan(place.folder, place.file)).toThrow(/do not make this id/);
  });

  it("must be the same when a task is run; if they are not, it fails with 65 and says so", async () => {
    const { folder, place, plan } = await planned();
    const own = new TestMachine();
    const setting = {
      plan,
      sweep: place.folder,
      machine: own,
      options: usual,
      stop: new StopRequest(),
      inputs: new InputCheck(plan),
    };
    for (const name of ["runs", "tasks", "logs", "failures", "locks"])
      mkdirSync(join(place.folder, name), { recursive: true });
    expect(await runTask(plan.tasks[0], setting)).toEqual({ kind: "done" });
    dataFile(folder, -1);
    expect(await runTask(plan.tasks[1], setting)).toMatchObject({
      kind: "failed",
      code: 65,
      reason: expect.stringMatching(
        /^not begun: the data .*spins\.npy are not those it was planned with \(their sha256 begins with \w{12}, not \w{12}\); bring those back, or give the sweep another name or -o$/,
      ) as string,
    });
    expect(own.launched).toHaveLength(1);
    expect(surveySweep(plan, place.folder)[1]).toMatchObject({ state: "failed" });
    dataFile(folder, 1);
    expect(await runTask(plan.tasks[1], setting)).toEqual({ kind: "done" });
  });

  it("must be the same when the sweep is planned or extended again", async () => {
    const { folder, place } = await planned();
    dataFile(folder, -1);
    for (const extend of [false, true]) {
      const again = planSweep(place, machine, { extend });
      await expect(again).rejects.toThrow(OutputError);
      await expect(again).rejects.toThrow(
        /the data .*spins\.npy are not those that .*plan\.json was made with/,
      );
    }
  });

  it("fail a task whose run turns out to be another all the same", async () => {
    const { place, plan } = await planned();
    const hasty = new (class extends TestMachine {
      protected override finish(_: readonly string[], out: string): void {
        leaveRun(out, "finished", {}, {}, "f".repeat(64));
      }
    })();
    for (const name of ["runs", "tasks", "logs", "failures", "locks"])
      mkdirSync(join(place.folder, name), { recursive: true });
    const setting = {
      plan,
      sweep: place.folder,
      machine: hasty,
      options: usual,
      stop: new StopRequest(),
      inputs: new InputCheck(plan),
    };
    expect(await runTask(plan.tasks[0], setting)).toMatchObject({
      kind: "failed",
      code: 65,
      reason: expect.stringMatching(/is not the run that was planned: it holds a different run/) as string,
    });
  });
});

describe("a plan that another version has made", () => {
  it("has no task run of which this version would make another run", async () => {
    const { plan, sweep, setting, machine: own } = await bench(varied);
    // As if a key had been added since: the id is that of the configuration without it.
    const { "train.max_weight": added, ...common } = plan.common;
    expect(added).toBeDefined();
    const [task] = plan.tasks;
    const older = { ...plan, common };
    const id = taskId(flatTaskConfig(older, task), null);
    const planned = { ...task, id };
    writePlan(sweep, { ...older, tasks: [planned] });
    const read = readPlan(sweep, "s.yaml");
    for (const name of ["tasks", "logs", "failures", "locks"])
      mkdirSync(join(sweep, name), { recursive: true });
    const outcome = await runTask(planned, { ...setting, plan: read, inputs: new InputCheck(read) });
    expect(outcome).toMatchObject({
      kind: "failed",
      code: 65,
      reason: expect.stringMatching(
        /^not begun: this version of rbm-rg makes another run of its config/,
      ) as string,
    });
    expect(own.launched).toEqual([]);
  });
});

describe("a plan that was not changed", () => {
  it("is read whatever its tasks are like", async () => {
    const all = `base: { sample: { lattice: 4x4, coupling: 0.4 } }
parts:
  plain: { matrix: { train.l1: [0, 1.0e-9, 0.1], model.hidden: [[8, 4], 3] }, seeds: [1, "x y"] }
  scheduled: { base: { train: { rate_schedule: linear, final_learning_rate: 0.001 } } }
  literal: { base: { train: { objective: free-energy, gauge: data, estimator: exact, data_phase: exact } } }
  hybrid: { base: { train: { objective: hybrid, mu: 0.3 } }, matrix: { model.hidden: [4, 8] } }
  field: { base: { sample: { field: 0.1, algorithm: heat-bath } }, matrix: { sample.lattice: [4x4, 9] } }
  chain: { base: { sample: { lattice: 8 } }, matrix: { sample.temperature: [inf, 1.5] } }
`;
    const folder = temporaryFolder();
    const place = { file: sweepFile(folder, all), folder: join(folder, "out") };
    const { plan } = await planSweep(place, machine, { extend: false });
    expect(plan.tasks.length).toBeGreaterThan(10);
    expect(readPlan(place.folder, place.file)).toEqual(plan);
    expect(plan).toEqual(planOf(place.file));
    expect(flatTaskConfig(plan, plan.tasks[0])).toMatchObject({ "sample.lattice": "4x4" });
  });
});
