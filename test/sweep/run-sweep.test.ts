import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { silentProgress } from "../../src/experiment/environment.js";
import type { RunEvent } from "../../src/runs/events.js";
import { countStates, surveySweep } from "../../src/sweep/index.js";
import { bench, sharing as shared, varied as text } from "./bench.js";
import { type Behaviour, leaveRun } from "./sweeps.js";

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
      leaveRun(join(sweep, "runs", id), "interrupted", {});
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

  it("counts a task as failed if its samples cannot be made, and asks sampling to stop as it asks training", async () => {
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
    expect(slow.machine.signals).toEqual(["SIGUSR1"]);
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

  it("does not say 100 % while a task runs, however far that is", async () => {
    const { run, plan, sweep } = await bench(text, ([command, , , , out]) => {
      const told = { time: "2026-01-01T00:00:00.000Z", run: out, layer: 1, layers: 1, metrics: {} };
      const epoch = { event: "epoch", ...told, epoch: 3, epochs: 3 };
      if (command === "train")
        appendFileSync(join(sweep, "logs", `${basename(out)}.ndjson`), `${JSON.stringify(epoch)}\n`);
      return { code: 0, signal: null };
    });
    const told: (readonly [number, string])[] = [];
    const update = (done: number, detail = ""): void => void told.push([done, detail]);
    await run({ jobs: 6 }, { ...silentProgress, update });
    expect(told.filter(([, detail]) => !detail.includes(" 0 running"))).not.toEqual([]);
    for (const [done, detail] of told) {
      if (!detail.includes(" 0 running")) expect(done, detail).toBeLessThan(100 * plan.tasks.length);
    }
    expect(Math.max(...told.map(([done]) => done))).toBe(600);
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
