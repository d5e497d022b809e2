import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownProcess } from "../../src/io/processes.js";
import { StopRequest } from "../../src/sweep/index.js";
import { isHeld, lockHolder, tryLock, withLock } from "../../src/sweep/lock.js";
import { temporaryFolder } from "../io/temporary.js";
import { TestMachine } from "./sweeps.js";

const machine = new TestMachine();

/** A process number that belonged to a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

function ownedBy(path: string, owner: object): void {
  writeFileSync(path, `${JSON.stringify({ ...ownProcess(), ...owner })}\n`);
}

describe("a lock", () => {
  it("is held by one at a time, names its holder, and can be taken again after its release", () => {
    const path = join(temporaryFolder(), "a.lock");
    const lock = tryLock(path, machine);
    if (!isHeld(lock)) throw new Error("expected the lock");
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
    expect(tryLock(path, machine)).toMatchObject({ pid: process.pid, host: ownProcess().host });
    expect(lockHolder(path, machine)).toMatchObject({ pid: process.pid });
    lock.release();
    expect(existsSync(path)).toBe(false);
    expect(lockHolder(path, machine)).toBeNull();
    const again = tryLock(path, machine);
    expect(isHeld(again)).toBe(true);
    if (isHeld(again)) again.release();
  });

  it("of a dead process is taken over", () => {
    const folder = temporaryFolder();
    const path = join(folder, "a.lock");
    ownedBy(path, { pid: deadProcess(), ticks: null });
    expect(lockHolder(path, machine)).toBeNull();
    const lock = tryLock(path, machine);
    expect(isHeld(lock)).toBe(true);
    expect(readdirSync(folder)).toEqual(["a.lock"]);
    if (isHeld(lock)) lock.release();
  });

  it("of another host is respected until its holder has been silent for five minutes", () => {
    const path = join(temporaryFolder(), "a.lock");
    ownedBy(path, { host: "elsewhere", pid: 1 });
    expect(tryLock(path, machine)).toMatchObject({ host: "elsewhere" });
    const old = Date.now() / 1000 - 301;
    utimesSync(path, old, old);
    const lock = tryLock(path, machine);
    expect(isHeld(lock)).toBe(true);
    if (isHeld(lock)) lock.release();
  });

  it("that says nothing yet is respected", () => {
    const path = join(temporaryFolder(), "a.lock");
    writeFileSync(path, "");
    expect(isHeld(tryLock(path, machine))).toBe(false);
  });

  it("lets one worker in at a time, and lets waiting ones go when they are asked to stop", async () => {
    const path = join(temporaryFolder(), "a.lock");
    let [inside, most] = [0, 0];
    const work = async (): Promise<number> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return --inside;
    };
    const stop = new StopRequest();
    expect(await Promise.all([1, 2, 3].map(() => withLock(path, machine, stop, work)))).toEqual([0, 0, 0]);
    expect(most).toBe(1);
    const lock = tryLock(path, machine);
    const waiting = withLock(path, machine, stop, work);
    stop.request("SIGTERM");
    expect(await waiting).toBeNull();
    if (isHeld(lock)) lock.release();
  });
});
