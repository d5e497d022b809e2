import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Progress, silentProgress } from "../../src/experiment/environment.js";
import type { EventSink, RunEvent } from "../../src/runs/events.js";
import { ownProcess } from "../../src/io/processes.js";
import {
  collectSweep,
  countStates,
  type Plan,
  planSweep,
  runSweep,
  runTask,
  StopRequest,
  surveySweep,
  type SweepOptions,
  taskReasons,
} from "../../src/sweep/index.js";
import { temporaryFolder } from "../io/temporary.js";
import { type Behaviour, sweepFile, TestMachine } from "./sweeps.js";

const text =
  "base: { sample: { lattice: 4x4, coupling: 0.4 } }\nmatrix: { sample.temperature: [1, 2, 3, 4, 5, 6] }\n";
const shared =
  "base: { sample: { lattice: 4x4 } }\nmatrix: { sample.temperature: [2, 3], train.l1: [0, 0.1, 0.2] }\n";

const usual: SweepOptions = { jobs: 2, threads: 1, kernels: null, retry: 0, keepGoing: false };

interface Bench {
  readonly plan: Plan;
  readonly sweep: string;
  readonly machine: TestMachine;
  readonly stop: StopRequest;
  readonly run: (
    options?: Partial<SweepOptions>,
    progress?: Progress,
    events?: EventSink,
  ) => ReturnType<typeof runSweep>;
  readonly states: () => Partial<ReturnType<typeof countStates>>;
}

async function bench(content: string, behaviour?: Behaviour): Promise<Bench> {
  const folder = temporaryFolder();
  const machine = new TestMachine(behaviour);
  const sweep = join(folder, "out");
  const { plan } = await planSweep({ file: sweepFile(folder, content), folder: sweep }, machine, {
    extend: false,
  });
  const stop = new StopRequest();
  return {
    plan,
    sweep,
    machine,
    stop,
    run: (options = {}, progress = silentProgress, events?: EventSink) =>
      runSweep(plan, sweep, machine, { ...usual, ...options }, stop, progress, events),
    states: () =>
      Object.fromEntries(
        Object.entries(countStates(surveySweep(plan, sweep))).filter(([, count]) => count > 0),
      ),
  };
}

const failing =
  (...launches: readonly number[]): Behaviour =>
  (_, launch) => ({ code: launches.includes(launch) ? 1 : 0, signal: null });

describe("runSweep", () => {
  it("runs every task once, so many at a time, each with its own configuration and folder", async () => {
    const { machine, plan, sweep, run, states } = await bench(text);
    expect(await run({ jobs: 3, threads: 2, kernels: "reference" })).toEqual({
      skipped: 0,
      done: 6,
      failed: 0,
      interrupted: 0,
      elsewhere: 0,
      waiting: 0,
      exitCode: 0,
    });
    expect(machine.busiest).toBe(3);
    expect(machine.launched.map((args) => args.join(" "))).toEqual(
      plan.tasks.map(
        ({ id }) =>
          `train --config ${sweep}/tasks/${id}.yaml -o ${sweep}/runs/${id} --events ${sweep}/logs/${id}.ndjson --quiet --threads 2 --kernels reference`,
      ),
    );
    expect(states()).toEqual({ done: 6 });
    expect(await run()).toMatchObject({ skipped: 6, done: 0, exitCode: 0 });
    expect(machine.launched).toHaveLength(6);
  });

  it("begins nothing more after a failure, says which and why, and tries again when run again", async () => {
    const { run, states, plan, sweep } = await bench(text, failing(2));
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
    const { done, failed, waiting, exitCode } = await run({ jobs: 1 }, progress);
    expect({ done, failed, waiting, exitCode }).toEqual({ done: 1, failed: 1, waiting: 4, exitCode: 2 });
    expect(notes).toEqual([
      `task 1 (${plan.tasks[1].id}; sample.temperature=2) failed, exit code 1: it went wrong, as planned. Log: ${sweep}/logs/${plan.tasks[1].id}.log`,
    ]);
    expect(states()).toEqual({ done: 1, failed: 1, waiting: 4 });
    expect(surveySweep(plan, sweep)[1].remark).toBe("exit code 1: it went wrong, as planned");
    expect(await run()).toMatchObject({ skipped: 1, done: 5, failed: 0, exitCode: 0 });
    expect(states()).toEqual({ done: 6 });
  });

  it("goes on after failures with keepGoing, and still exits with 2", async () => {
    const { run } = await bench(text, failing(1, 4));
    expect(await run({ keepGoing: true })).toMatchObject({ done: 4, failed: 2, waiting: 0, exitCode: 2 });
  });

  it("tries a failed task again as often as asked, but not one whose input is wrong", async () => {
    const again = await bench(text, failing(1, 2));
    expect(await again.run({ jobs: 1, retry: 2 })).toMatchObject({ done: 6, failed: 0 });
    expect(again.machine.launched).toHaveLength(8);
    const log = readFileSync(join(again.sweep, "logs", `${again.plan.tasks[0].id}.log`), "utf8");
    expect(log.match(/^# .* rbm-rg train /gm)).toHaveLength(3);
    const hopeless = await bench(text, () => ({ code: 78, signal: null }));
    expect(await hopeless.run({ jobs: 1, retry: 5 })).toMatchObject({ failed: 1 });
    expect(hopeless.machine.launched).toHaveLength(1);
    const killed = await bench(text, () => ({ code: null, signal: "SIGKILL" }));
    await killed.run({ jobs: 1 });
    expect(surveySweep(killed.plan, killed.sweep)[0].remark).toMatch(
      /killed by SIGKILL, perhaps for want of memory/,
    );
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGUSR1", 75],
  ] as const)("passes %s on to the children, begins nothing more and exits with %i", async (signal, code) => {
    const { run, machine, stop, states, plan, sweep } = await bench(text, () => "until-signalled");
    const running = run();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(states()).toEqual({ running: 2, waiting: 4 });
    for (const { id } of plan.tasks.slice(0, 2)) {
      mkdirSync(join(sweep, "runs", id));
      writeFileSync(join(sweep, "runs", id, "manifest.json"), '{"status":"interrupted","config":{}}');
    }
    stop.request(signal);
    expect(await running).toMatchObject({ interrupted: 2, waiting: 4, failed: 0, exitCode: code });
    expect(machine.signals).toEqual([signal, signal]);
    expect(states()).toEqual({ interrupted: 2, waiting: 4 });
  });

  it("takes 75 of a child for an interruption, not a failure", async () => {
    const { run } = await bench(text, (_, launch) => ({ code: launch === 2 ? 75 : 0, signal: null }));
    expect(await run()).toMatchObject({ done: 5, interrupted: 1, failed: 0, exitCode: 75 });
  });

  it("samples what tasks share once, other tasks going ahead meanwhile", async () => {
    const { run, machine, plan, sweep, states } = await bench(shared);
    expect(await run({ jobs: 2 })).toMatchObject({ done: 6, exitCode: 0 });
    const sampled = machine.launched.filter(([command]) => command === "sample");
    expect(sampled).toHaveLength(2);
    // The second worker does not wait for the samples at T = 2 but makes those at T = 3.
    expect(machine.launched.slice(0, 2)).toEqual(sampled);
    expect(states()).toEqual({ done: 6 });
    const config = readFileSync(join(sweep, "tasks", `${plan.tasks[0].id}.yaml`), "utf8");
    expect(config).toContain(`path: ${sweep}/data/${plan.tasks[0].data!}`);
    expect(config).not.toContain("sample:");
  });

  it("counts a task as failed if its samples cannot be made, and does not leave USR1 to sampling", async () => {
    const { run, plan, sweep } = await bench(shared, ([command]) => ({
      code: command === "sample" ? 1 : 0,
      signal: null,
    }));
    expect(await run({ jobs: 1 })).toMatchObject({ failed: 1, waiting: 5, exitCode: 2 });
    const { remark } = surveySweep(plan, sweep)[0];
    expect(remark).toMatch(/it went wrong/);
    const slow = await bench(shared, () => "until-signalled");
    const running = slow.run({ jobs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    slow.stop.request("SIGUSR1");
    expect(await running).toMatchObject({ interrupted: 1, exitCode: 75 });
    expect(slow.machine.signals).toEqual(["SIGTERM"]);
  });

  it("leaves a task to another process that is at it", async () => {
    const { run, plan, sweep, machine, stop } = await bench(text);
    mkdirSync(join(sweep, "locks"), { recursive: true });
    const lock = join(sweep, "locks", `${plan.tasks[3].id}.lock`);
    writeFileSync(lock, JSON.stringify({ ...ownProcess(), host: "elsewhere" }));
    expect(await run()).toMatchObject({ done: 5, elsewhere: 1, exitCode: 0 });
    expect(surveySweep(plan, sweep)[3].state).toBe("running");
    expect(await runTask(plan, plan.tasks[3], sweep, machine, usual, stop)).toMatchObject({
      kind: "busy",
      holder: { host: "elsewhere" },
    });
    expect(existsSync(lock)).toBe(true);
  });

  it("leaves a run alone that a process is writing although its sweep has been killed", async () => {
    const { run, plan, sweep, machine } = await bench(text);
    const folder = join(sweep, "runs", plan.tasks[2].id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "manifest.json"), '{"status":"running","config":{}}');
    writeFileSync(join(folder, ".lock"), JSON.stringify(ownProcess()));
    expect(surveySweep(plan, sweep)[2].state).toBe("running");
    expect(await run()).toMatchObject({ done: 5, elsewhere: 1, failed: 0 });
    expect(machine.launched).toHaveLength(5);
  });

  it("exits with 73 if what failed could not write, and with 2 if something else failed, too", async () => {
    const full = await bench(text, (_, launch) => ({ code: launch > 4 ? 73 : 0, signal: null }));
    expect(await full.run({ keepGoing: true })).toMatchObject({ done: 4, failed: 2, exitCode: 73 });
    const mixed = await bench(text, (_, launch) => ({ code: launch > 4 ? launch + 68 : 0, signal: null }));
    expect(await mixed.run({ keepGoing: true })).toMatchObject({ done: 4, failed: 2, exitCode: 2 });
  });

  it("begins nothing more once it cannot write itself, and waits for what runs before it says so", async () => {
    const { run, machine, plan, sweep, stop } = await bench(text, (_, launch) => {
      if (launch === 1) return "until-signalled";
      // its failure cannot be recorded any more
      if (launch === 2) rmSync(join(sweep, "failures"), { recursive: true });
      return { code: launch === 2 ? 1 : 0, signal: null };
    });
    setTimeout(() => {
      stop.request("SIGTERM");
    }, 100);
    const running: number[] = [];
    const finish = (): void => void running.push(countStates(surveySweep(plan, sweep)).running);
    const ended = run({ jobs: 2 }, { ...silentProgress, finish });
    await expect(ended).rejects.toThrow(/cannot write .*failures.* does not exist/);
    expect(machine.launched).toHaveLength(2);
    expect(running).toEqual([0]);
  });

  it("tells the events of every task", async () => {
    const { plan, sweep, run } = await bench(text, failing(2));
    const events: RunEvent[] = [];
    await run({ jobs: 1, keepGoing: true }, silentProgress, (event) => void events.push(event));
    const place = { sweep, task: plan.tasks[1].id, index: 1 };
    expect(events).toHaveLength(12);
    expect(events.slice(2, 4)).toEqual([
      { event: "task-started", ...place },
      {
        event: "task-failed",
        ...place,
        exit_code: 1,
        message: "exit code 1: it went wrong, as planned",
        log: `${sweep}/logs/${place.task}.log`,
      },
    ]);
    expect(events.at(-1)).toEqual({ event: "task-finished", sweep, task: plan.tasks[5].id, index: 5 });
  });

  it("tells its progress", async () => {
    const { run } = await bench(text);
    const told: string[] = [];
    await run(
      { jobs: 1 },
      {
        start: (phase, total) => void told.push(`${phase} ${total}`),
        update: (done, detail) => void told.push(`${done}: ${detail ?? ""}`),
        finish: () => void told.push("finish"),
        note: () => undefined,
      },
    );
    expect(told[0]).toBe("sweep sweep 600");
    expect(told).toContain("300: 3 done, 1 running, 0 failed, 2 to go");
    expect(told.slice(-2)).toEqual(["600: 6 done, 0 running, 0 failed, 0 to go", "finish"]);
  });
});

describe("what a sweep's folders say", () => {
  it("gives every task a reason: new, changed, incomplete, done", async () => {
    const { plan, sweep } = await bench(text);
    const leave = (index: number, status: string, config: unknown): void => {
      const run = join(sweep, "runs", plan.tasks[index].id);
      mkdirSync(run, { recursive: true });
      writeFileSync(join(run, "manifest.json"), JSON.stringify({ status, config }));
    };
    const { nest } = await import("../../src/sweep/flat-config.js");
    const { flatTaskConfig } = await import("../../src/sweep/index.js");
    const config = (index: number) => nest(flatTaskConfig(plan, plan.tasks[index]));
    leave(0, "finished", { ...config(0), name: "another" });
    leave(1, "interrupted", config(1));
    leave(2, "finished", { ...config(2), seed: "9" });
    mkdirSync(join(sweep, "runs", plan.tasks[3].id));
    expect(taskReasons(plan, sweep)).toEqual(["done", "incomplete", "changed", "new", "new", "new"]);
  });

  it("has no table before the first run is finished", async () => {
    const { plan, sweep } = await bench(text);
    expect(() => collectSweep(plan, sweep, surveySweep(plan, sweep))).toThrow(/no finished run among its 6/);
  });
});
