import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { type HeldLock, isHeld, lockHolder, tryLock } from "../../src/io/lock.js";
import { expiresIn, lockDigest, type LockHolder } from "../../src/io/lock-file.js";
import { ownProcess } from "../../src/io/processes.js";
import { deadProcess, hearLock, plantLock } from "./locks.js";
import { contentsOf, temporaryFolder } from "./temporary.js";

const TIME = "2026-01-01T00:00:00Z";

function take(path: string): HeldLock {
  const lock = tryLock(path, TIME);
  if (!isHeld(lock)) throw new Error(`expected the lock; process ${lock.pid} has it`);
  return lock;
}

function refused(path: string): LockHolder {
  const lock = tryLock(path, TIME);
  if (isHeld(lock)) throw new Error("expected to be refused");
  return lock;
}

function lockPath(): string {
  return join(temporaryFolder(), "a.lock");
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a lock", () => {
  it("is held by one at a time, names its holder, and can be taken again after its release", () => {
    const path = lockPath();
    const lock = take(path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ ...ownProcess(), started: TIME });
    const holder = { pid: process.pid, host: hostname(), started: TIME, elsewhere: false };
    expect(refused(path)).toMatchObject(holder);
    expect(lockHolder(path)).toMatchObject(holder);
    lock.release();
    expect(existsSync(path)).toBe(false);
    expect(lockHolder(path)).toBeNull();
    const again = take(path);
    lock.release();
    expect(existsSync(path)).toBe(true);
    again.release();
    expect(contentsOf(join(path, ".."))).toEqual([]);
  });

  it("of a dead process is replaced, also if another process has its number since, or the machine was started anew", () => {
    const own = ownProcess();
    const dead: object[] = [{ pid: deadProcess(), ticks: null }];
    if (own.ticks !== null) dead.push({ ...own, ticks: own.ticks - 1 }, { ...own, boot: "another" });
    for (const changes of dead) {
      const path = lockPath();
      plantLock(path, changes);
      expect(lockHolder(path)).toBeNull();
      const lock = take(path);
      expect(contentsOf(join(path, ".."))).toEqual(["a.lock"]);
      lock.release();
    }
  });

  it("of a living process stays, however silent, also where start time and boot are not known", () => {
    for (const changes of [{}, { ticks: null, boot: null }, { pid: process.ppid, ticks: null }]) {
      const path = lockPath();
      plantLock(path, changes, 1e6);
      const before = readFileSync(path, "utf8");
      expect(refused(path)).toMatchObject({ elsewhere: false });
      expect(readFileSync(path, "utf8")).toBe(before);
    }
  });

  it("of another host is replaced once its holder has been silent for five minutes", () => {
    const path = lockPath();
    plantLock(path, { host: "elsewhere", pid: 1 }, 200);
    const holder = refused(path);
    expect(holder).toMatchObject({ host: "elsewhere", pid: 1, elsewhere: true });
    expect(expiresIn(holder)).toBeLessThanOrEqual(100);
    expect(expiresIn(holder)).toBeGreaterThan(50);
    expect(lockHolder(path)).toMatchObject({ host: "elsewhere" });
    hearLock(path, 301);
    expect(lockHolder(path)).toBeNull();
    take(path).release();
  });

  it("that does not say whose it is counts as that of another host", () => {
    for (const content of ["", "nonsense", "{}", '{"host":"a","pid":-1}', '{"pid":1}', "null"]) {
      const path = lockPath();
      writeFileSync(path, content);
      expect(refused(path)).toMatchObject({ pid: 0, elsewhere: true });
      hearLock(path, 301);
      take(path).release();
    }
  });

  it("gives a sign of life every twenty seconds, and none to a lock that is no longer its own", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const path = lockPath();
    const lock = take(path);
    hearLock(path, 1000);
    vi.advanceTimersByTime(20_000);
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(900_000);
    plantLock(path, { host: "elsewhere" }, 1000);
    vi.advanceTimersByTime(20_000);
    expect(Date.now() - statSync(path).mtimeMs).toBeGreaterThan(900_000);
    lock.release();
    expect(lockHolder(path)).toBeNull();
    expect(existsSync(path)).toBe(true);
    rmSync(join(path, ".."), { recursive: true });
    vi.advanceTimersByTime(20_000);
  });

  it("that is stale and being replaced by another process is left to that one; the end of that one gives it free", () => {
    const path = lockPath();
    plantLock(path, { pid: deadProcess(), ticks: null });
    const second = `${path}.${lockDigest(readFileSync(path, "utf8"))}.tmp`;
    plantLock(second, { pid: process.ppid, ticks: null });
    expect(refused(path)).toMatchObject({ pid: process.ppid });
    plantLock(second, { pid: deadProcess(), ticks: null });
    const lock = take(path);
    expect(contentsOf(join(path, ".."))).toEqual(["a.lock"]);
    lock.release();
  });

  it("is refused with a reason where it cannot be written", () => {
    const missing = join(temporaryFolder(), "missing", "a.lock");
    expect(() => tryLock(missing, TIME)).toThrow(OutputError);
    expect(() => tryLock(missing, TIME)).toThrow(/cannot write .*a\.lock: .*missing does not exist/);
    if (process.getuid?.() === 0) return;
    const folder = join(temporaryFolder(), "read-only");
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    expect(() => tryLock(join(folder, "a.lock"), TIME)).toThrow(/no permission to write in/);
  });
});
