import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { ownProcess } from "../../src/io/processes.js";
import { withRunLock } from "../../src/runs/index.js";
import { contentsOf, temporaryFolder } from "../io/temporary.js";

const TIME = "2026-01-01T00:00:00Z";

const hold = <T>(run: string, work: () => T): Promise<T> =>
  withRunLock(run, TIME, () => Promise.resolve(work()));

/** Write a lock as another process would have. */
function plant(run: string, changes: Record<string, unknown>): string {
  const path = join(run, ".lock");
  writeFileSync(path, JSON.stringify({ ...ownProcess(), started: TIME, nonce: "x", ...changes }));
  return path;
}

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid!;
}

describe("the lock of a run", () => {
  it("is there during the work, says who holds it, and is gone afterwards, whatever happened", async () => {
    const run = temporaryFolder();
    const found = await hold(run, () => {
      expect(contentsOf(run)).toEqual([".lock"]);
      return JSON.parse(readFileSync(join(run, ".lock"), "utf8")) as unknown;
    });
    expect(found).toMatchObject({ host: hostname(), pid: process.pid, started: TIME });
    expect(contentsOf(run)).toEqual([]);
    const failing = hold(run, () => {
      throw new Error("broken");
    });
    await expect(failing).rejects.toThrow("broken");
    expect(contentsOf(run)).toEqual([]);
  });

  it("keeps a second process out, also the same process a second time", async () => {
    const run = temporaryFolder();
    await withRunLock(run, TIME, async () => {
      const second = hold(run, () => "in");
      await expect(second).rejects.toThrow(OutputError);
      await expect(second).rejects.toThrow(
        `${run} is being written by process ${process.pid} on ${hostname()} since ${TIME}. Wait for it`,
      );
    });
    expect(await hold(run, () => "in")).toBe("in");
  });

  it("of a process that has died is replaced", async () => {
    const run = temporaryFolder();
    plant(run, { pid: await deadPid() });
    expect(await hold(run, () => "in")).toBe("in");
    expect(contentsOf(run)).toEqual([]);
  });

  it("of a process whose number another one has since, or of another boot, is replaced", async () => {
    if (ownProcess().ticks === null) return;
    for (const changes of [{ ticks: ownProcess().ticks! - 1 }, { boot: "another boot" }]) {
      const run = temporaryFolder();
      plant(run, changes);
      expect(await hold(run, () => "in")).toBe("in");
    }
  });

  it("of a running process stays, also where start time and boot are not known", async () => {
    for (const changes of [{}, { ticks: null, boot: null }, { pid: process.ppid, ticks: null }]) {
      const run = temporaryFolder();
      const path = plant(run, changes);
      const before = readFileSync(path, "utf8");
      await expect(hold(run, () => "in")).rejects.toThrow(/is being written by process \d+ on/);
      expect(readFileSync(path, "utf8")).toBe(before);
      expect(contentsOf(run)).toEqual([".lock"]);
    }
  });

  it("of another host is never taken away: the message says which file to delete", async () => {
    const run = temporaryFolder();
    const path = plant(run, { host: "elsewhere", pid: await deadPid(), boot: "other" });
    const attempt = hold(run, () => "in");
    await expect(attempt).rejects.toThrow(OutputError);
    await expect(attempt).rejects.toThrow(
      new RegExp(`on elsewhere since .*${hostname()}, cannot see.*if you are sure.*delete ${path}\\.`),
    );
    expect(existsSync(path)).toBe(true);
  });

  it("that says nothing is not taken away either", async () => {
    for (const content of ["", "nonsense", "{}", '{"host":"a","pid":-1}', "null"]) {
      const run = temporaryFolder();
      writeFileSync(join(run, ".lock"), content);
      await expect(hold(run, () => "in")).rejects.toThrow(/does not say by whom.*delete .*\.lock/);
      expect(readFileSync(join(run, ".lock"), "utf8")).toBe(content);
    }
  });

  it("is taken by one only of many that find it stale", async () => {
    const pid = await deadPid();
    for (let round = 0; round < 20; round++) {
      const run = temporaryFolder();
      plant(run, { pid });
      let [inside, most] = [0, 0];
      const work = async (): Promise<void> => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 2));
        inside--;
      };
      const results = await Promise.allSettled([1, 2, 3, 4].map(() => withRunLock(run, TIME, work)));
      expect(most).toBe(1);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(contentsOf(run)).toEqual([]);
    }
  });

  it("is not removed by a process that no longer holds it", async () => {
    const run = temporaryFolder();
    await hold(run, () => {
      plant(run, { nonce: "of another process" });
    });
    expect(contentsOf(run)).toEqual([".lock"]);
  });
});
