import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  InputCheck,
  outwaitSilence,
  prepareFolders,
  runTask,
  StopRequest,
  sweepLayout,
} from "../../src/sweep/index.js";
import { hearLock, plantLock } from "../io/locks.js";
import { temporaryFolder } from "../io/temporary.js";
import { planOf, sweepFile, TestMachine } from "./sweeps.js";

const options = { jobs: 1, threads: 1, kernels: null, retry: 0, keepGoing: false };

/** A sweep of one task that another host has in hand: its lock and that of its run. */
function taken(secondsAgo: number) {
  const folder = temporaryFolder();
  const plan = planOf(sweepFile(folder, "base: { sample: { lattice: 4x4, coupling: 0.4 } }\n"));
  const [task] = plan.tasks;
  prepareFolders(folder);
  mkdirSync(sweepLayout.run(folder, task.id));
  const locks = [sweepLayout.taskLock(folder, task.id), join(sweepLayout.run(folder, task.id), ".lock")];
  locks.forEach((path, index) => {
    plantLock(path, { host: "elsewhere", pid: 7 + index }, secondsAgo - index / 2);
  });
  const [machine, stop, notes] = [new TestMachine(), new StopRequest(), [] as string[]];
  const setting = { plan, sweep: folder, machine, options, stop, inputs: new InputCheck(plan) };
  const outcome = outwaitSilence(
    () => runTask(task, setting),
    stop,
    (message) => notes.push(message),
  );
  return { outcome, locks, machine, stop, notes };
}

describe("a task that another host has in hand", () => {
  it("is run once that has been silent for five minutes", async () => {
    const { outcome, machine, notes } = taken(299.5);
    expect(await outcome).toEqual({ kind: "done" });
    expect(machine.launched).toHaveLength(1);
    expect(notes[0]).toMatch(/^process 7 on elsewhere has the task in hand; waiting until/);
  });

  it("is left to it as soon as it is heard", async () => {
    const { outcome, machine, locks } = taken(100);
    setTimeout(() => {
      hearLock(locks[0]);
    }, 300);
    expect(await outcome).toMatchObject({ kind: "busy", holder: { host: "elsewhere", pid: 7 } });
    expect(machine.launched).toEqual([]);
  });

  it("is not waited for after a request to stop", async () => {
    const { outcome, stop } = taken(100);
    stop.request("SIGUSR1");
    expect(await outcome).toEqual({ kind: "interrupted", code: 75 });
  });
});
