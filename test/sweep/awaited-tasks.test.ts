import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { silentProgress } from "../../src/experiment/environment.js";
import { ownProcess } from "../../src/io/processes.js";
import type { RunEvent } from "../../src/runs/events.js";
import { runTask, surveySweep } from "../../src/sweep/index.js";
import { bench, until, varied } from "./bench.js";
import { leaveRun } from "./sweeps.js";

describe("tasks that another process is at", () => {
  it("waits for a task that another process is at, and says for whom; takes it over when that gives it up", async () => {
    const { run, plan, sweep, machine, setting, states } = await bench(varied);
    mkdirSync(join(sweep, "locks"), { recursive: true });
    const [lock, other] = [3, 4].map((index) => join(sweep, "locks", `${plan.tasks[index].id}.lock`));
    for (const path of [lock, other])
      writeFileSync(path, JSON.stringify({ ...ownProcess(), host: "elsewhere" }));
    const notes: string[] = [];
    const events: RunEvent[] = [];
    const running = run({}, { ...silentProgress, note: (line) => void notes.push(line) }, (event) => {
      events.push(event);
    });
    await until(() => notes.length > 0);
    expect(states()).toEqual({ done: 4, running: 2 });
    const { pid } = process;
    expect(notes).toEqual([
      `waiting for what other processes run: task 3 (${plan.tasks[3].id}) by process ${pid} on elsewhere, ` +
        `task 4 (${plan.tasks[4].id}) by process ${pid} on elsewhere; what they give up is taken over.`,
    ]);
    expect(await runTask(plan.tasks[3], setting)).toMatchObject({
      kind: "busy",
      holder: { host: "elsewhere" },
    });
    expect(existsSync(lock)).toBe(true);
    // One is given up, the other finished.
    rmSync(lock);
    leaveRun(join(sweep, "runs", plan.tasks[4].id), "finished", {});
    rmSync(other);
    expect(await running).toMatchObject({ done: 6, elsewhere: 0, failed: 0, exitCode: 0 });
    expect(machine.launched).toHaveLength(5);
    expect(notes).toHaveLength(1);
    const kinds = (index: number) =>
      events.filter((event) => "index" in event && event.index === index).map(({ event }) => event);
    expect([3, 4].map(kinds)).toEqual([["task-started", "task-finished"], ["task-finished"]]);
  });

  it("does not wait any longer once it is asked to stop", async () => {
    const { run, plan, sweep, stop } = await bench(varied);
    const folder = join(sweep, "runs", plan.tasks[2].id);
    leaveRun(folder, "running", {});
    writeFileSync(join(folder, ".lock"), JSON.stringify(ownProcess()));
    expect(surveySweep(plan, sweep)[2].state).toBe("running");
    const notes: string[] = [];
    const running = run({}, { ...silentProgress, note: (line) => void notes.push(line) });
    await until(() => notes.length > 0);
    stop.request("SIGTERM");
    expect(await running).toMatchObject({ done: 5, elsewhere: 1, failed: 0, exitCode: 143 });
  });

  it("takes a run that another process has come to first for one that runs elsewhere, not for a failure", async () => {
    const says = "a/run is being written by process 7 on here since now. Wait for it, or choose another -o";
    const held = await bench(varied, (args, launch) => {
      if (launch === 1)
        writeFileSync(join(args[args.indexOf("-o") + 1], ".lock"), JSON.stringify(ownProcess()));
      return { code: launch === 1 ? 73 : 0, signal: null };
    });
    mkdirSync(join(held.sweep, "runs", held.plan.tasks[0].id), { recursive: true });
    const notes: string[] = [];
    const running = held.run({ jobs: 1 }, { ...silentProgress, note: (line) => void notes.push(line) });
    await until(() => notes.length > 0);
    expect(notes[0]).toMatch(/^waiting for what other processes run: task 0 /);
    rmSync(join(held.sweep, "runs", held.plan.tasks[0].id, ".lock"));
    expect(await running).toMatchObject({ done: 6, failed: 0, exitCode: 0 });
    // One that has ended by the time it is looked for leaves only its refusal in the log.
    const brief = await bench(varied, (_, launch) => ({ code: launch === 1 ? 73 : 0, signal: null, says }));
    expect(await brief.run({ jobs: 1 })).toMatchObject({ done: 6, failed: 0, exitCode: 0 });
    expect(brief.machine.launched).toHaveLength(7);
  });
});
