import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collectSweep, flatTaskConfig, surveySweep, taskReasons } from "../../src/sweep/index.js";
import { nest } from "../../src/sweep/flat-config.js";
import { bench, type Bench, sharing, varied } from "./bench.js";
import { leaveRun } from "./sweeps.js";

const existingIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).sort() : [];

const runOf = ({ plan, sweep }: Bench, index: number): string => join(sweep, "runs", plan.tasks[index].id);

describe("what a sweep's folders say", () => {
  it("gives every task a reason: new, changed, incomplete, done", async () => {
    const own = await bench(varied);
    leaveRun(runOf(own, 0), "finished", { name: "another" });
    leaveRun(runOf(own, 1), "interrupted", {});
    // Whatever its folder is called, a run with another identity is another run.
    leaveRun(runOf(own, 2), "finished", {}, {}, "f".repeat(64));
    mkdirSync(runOf(own, 3));
    expect(taskReasons(own.plan, own.sweep)).toEqual(["done", "incomplete", "changed", "new", "new", "new"]);
    expect(surveySweep(own.plan, own.sweep)[2]).toMatchObject({
      state: "incomplete",
      remark: "it holds a different run (status finished)",
    });
  });

  it("knows a run that shares its data by their hash and its own configuration, also where the plan shares otherwise", async () => {
    const own = await bench(sharing);
    const config = (index: number) => nest(flatTaskConfig(own.plan, own.plan.tasks[index]));
    const training = (index: number, path: string) => ({
      ...config(index),
      sample: undefined,
      name: "x",
      data: { path },
    });
    const hash = own.plan.tasks[0].data!;
    const other = own.plan.tasks[3].data!;
    expect(other).not.toBe(hash);
    for (const [index, path] of [
      `elsewhere/${hash}`,
      `elsewhere/${other}`,
      "elsewhere",
      `a/${hash}`,
    ].entries()) {
      leaveRun(runOf(own, index), "finished", training(index, path), {}, "f".repeat(64));
    }
    expect(taskReasons(own.plan, own.sweep)).toEqual(["done", "changed", "changed", "changed", "new", "new"]);
    // A task that samples for itself, or did.
    const { plan } = own;
    const alone = { ...plan, tasks: plan.tasks.map((task) => ({ ...task, data: null })) };
    expect(taskReasons(alone, own.sweep).slice(0, 2)).toEqual(["done", "changed"]);
    leaveRun(runOf(own, 1), "finished", config(1));
    expect(taskReasons(plan, own.sweep)[1]).toBe("done");
  });

  it("calls a finished run incomplete of which a file is missing, at any depth", async () => {
    const own = await bench(varied);
    const files = { "summary.csv": "", "figures/losses.png": "", "figures/losses.csv": "" };
    for (const index of [0, 1, 2, 3]) {
      leaveRun(runOf(own, index), "finished", {}, files);
      mkdirSync(join(runOf(own, index), "figures"));
      for (const file of Object.keys(files)) writeFileSync(join(runOf(own, index), file), "");
    }
    rmSync(join(runOf(own, 1), "summary.csv"));
    rmSync(join(runOf(own, 2), "figures", "losses.csv"));
    rmSync(join(runOf(own, 3), "figures"), { recursive: true });
    expect(surveySweep(own.plan, own.sweep).map(({ state, remark }) => `${state} ${remark}`)).toEqual([
      "done ",
      "incomplete its summary.csv is missing",
      "incomplete its figures/losses.csv is missing",
      "incomplete its figures/losses.png is missing",
      "waiting ",
      "waiting ",
    ]);
    expect(taskReasons(own.plan, own.sweep).slice(0, 4)).toEqual([
      "done",
      "incomplete",
      "incomplete",
      "incomplete",
    ]);
  });

  it("calls a run incomplete whose manifest is damaged or missing, but not what a killed process left", async () => {
    const own = await bench(varied);
    for (const index of [0, 1, 2]) leaveRun(runOf(own, index), "finished", {});
    truncateSync(join(runOf(own, 0), "manifest.json"), 40);
    truncateSync(join(runOf(own, 1), "manifest.json"), 0);
    rmSync(join(runOf(own, 2), "manifest.json"));
    writeFileSync(join(runOf(own, 2), "config.yaml"), "");
    mkdirSync(runOf(own, 3));
    writeFileSync(join(runOf(own, 3), ".manifest.json.0123456789ab.tmp"), "{");
    expect(surveySweep(own.plan, own.sweep).map(({ state, remark }) => `${state} ${remark}`)).toEqual([
      "incomplete its manifest.json is damaged",
      "incomplete its manifest.json is damaged",
      "incomplete its manifest.json is missing",
      "waiting ",
      "waiting ",
      "waiting ",
    ]);
  });

  it("has no table before the first run is finished", async () => {
    const { plan, sweep } = await bench(varied);
    expect(() => collectSweep(plan, sweep, surveySweep(plan, sweep))).toThrow(/no finished run among its 6/);
  });
});

describe("a task whose run is damaged", () => {
  it("is trained again from the beginning if files of it are missing", async () => {
    const own = await bench(varied);
    leaveRun(runOf(own, 0), "finished", {}, { "summary.csv": "" });
    expect(await own.run({ jobs: 1 })).toMatchObject({ skipped: 0, done: 6, failed: 0 });
    expect(own.machine.launched.map((args) => args.includes("--force"))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it("begins anew if its manifest is damaged or missing: what the program wrote is removed before", async () => {
    const own = await bench(varied, (args) => {
      expect(existingIn(args[args.indexOf("-o") + 1])).toEqual([]);
      return { code: 0, signal: null };
    });
    for (const index of [0, 1]) {
      leaveRun(runOf(own, index), "finished", {});
      for (const name of ["metrics.csv", "weights-1.npy"]) writeFileSync(join(runOf(own, index), name), "");
      mkdirSync(join(runOf(own, index), "checkpoint"));
      writeFileSync(join(runOf(own, index), "checkpoint", "a.checkpoint"), "");
    }
    truncateSync(join(runOf(own, 0), "manifest.json"), 40);
    rmSync(join(runOf(own, 1), "manifest.json"));
    expect(await own.run()).toMatchObject({ done: 6, failed: 0 });
  });

  it("fails, and says what to do, where its folder holds another run or a file of the user's", async () => {
    const own = await bench(varied);
    leaveRun(runOf(own, 0), "finished", {}, {}, "f".repeat(64));
    leaveRun(runOf(own, 1), "finished", {});
    rmSync(join(runOf(own, 1), "manifest.json"));
    for (const name of ["notes.txt", "config.yaml"]) writeFileSync(join(runOf(own, 1), name), "");
    expect(await own.run({ keepGoing: true })).toMatchObject({ done: 4, failed: 2, exitCode: 73 });
    const remarks = surveySweep(own.plan, own.sweep).map(({ remark }) => remark);
    expect(remarks[0]).toMatch(
      /^not begun: .*\/runs\/\w+ is not this task's: .* different run.*Move it away or remove it$/,
    );
    expect(remarks[1]).toMatch(
      /^not begun: .* cannot begin anew: .*missing, and notes\.txt is not a file of a run\. Move/,
    );
    expect(existingIn(runOf(own, 1))).toEqual(["notes.txt"]);
  });
});
