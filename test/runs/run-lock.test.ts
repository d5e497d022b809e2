import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { withRunLock } from "../../src/runs/index.js";
import { deadProcess, hearLock, plantLock } from "../io/locks.js";
import { contentsOf, temporaryFolder } from "../io/temporary.js";

const TIME = "2026-01-01T00:00:00Z";

const hold = <T>(run: string, work: () => T): Promise<T> =>
  withRunLock(run, TIME, () => Promise.resolve(work()));

/** Write the lock of another process. */
function plant(run: string, changes: object): void {
  plantLock(join(run, ".lock"), { started: TIME, ...changes });
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
    plant(run, { pid: deadProcess(), ticks: null });
    expect(await hold(run, () => "in")).toBe("in");
    expect(contentsOf(run)).toEqual([]);
  });

  it("of another host keeps a process out for five minutes of silence: the message says how long yet", async () => {
    const run = temporaryFolder();
    plant(run, { host: "elsewhere", pid: 7, boot: "other" });
    const attempt = hold(run, () => "in");
    await expect(attempt).rejects.toThrow(OutputError);
    await expect(attempt).rejects.toThrow(
      new RegExp(
        `${run} is locked by process 7 on elsewhere since ${TIME}, and this host, ${hostname()}, cannot see.*` +
          `Wait for it, or choose another -o.*five minutes after its last sign of life, in (300|2\\d\\d) s\\.$`,
      ),
    );
    hearLock(join(run, ".lock"), 301);
    expect(await hold(run, () => "in")).toBe("in");
  });

  it("that says nothing keeps a process out likewise", async () => {
    const run = temporaryFolder();
    writeFileSync(join(run, ".lock"), "nonsense");
    await expect(hold(run, () => "in")).rejects.toThrow(
      /does not say by whom\. .*expires five minutes after/,
    );
    expect(readFileSync(join(run, ".lock"), "utf8")).toBe("nonsense");
  });

  it("is not removed by a process that no longer holds it", async () => {
    const run = temporaryFolder();
    await hold(run, () => {
      plant(run, { nonce: "of another process" });
    });
    expect(contentsOf(run)).toEqual([".lock"]);
  });

  it("tells whether the folder is still there and this process's", async () => {
    const run = join(temporaryFolder(), "run");
    const lose = [
      () => {
        rmSync(run, { recursive: true });
      },
      () => {
        renameSync(run, `${run}-moved`);
        mkdirSync(run);
      },
      () => {
        plant(run, { nonce: "of another process" });
      },
    ];
    for (const act of lose) {
      mkdirSync(run, { recursive: true });
      await withRunLock(run, TIME, (requireLock) => {
        requireLock();
        act();
        expect(requireLock).toThrow(OutputError);
        expect(requireLock).toThrow(/run has been deleted, moved or replaced while it was being written/);
        return Promise.resolve();
      });
      rmSync(run, { recursive: true, force: true });
    }
  });
});
