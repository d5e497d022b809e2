import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { OutputError } from "../errors/index.js";
import { explainWriting } from "../io/output-failure.js";
import { atExit, ownProcess, processState } from "../io/processes.js";
import { systemErrorCode } from "../io/system-error.js";
import { runLayout } from "./run-layout.js";

/** Two processes that start at once may meet a few times before one of them has the lock. */
const ATTEMPTS = 20;

const lockSchema = v.object({
  host: v.string(),
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  started: v.string(),
  boot: v.nullable(v.string()),
  ticks: v.nullable(v.number()),
});

type Lock = v.InferOutput<typeof lockSchema>;

/**
 * Do `work` while the folder `run` is locked against other processes that would write into it: `.lock` names host, process
 * and `started`, the time. The lock of a process that has died on this host is replaced. OutputError if another process
 * holds the lock, or may hold it on another host. The lock is removed however `work` ends.
 */
export async function withRunLock<T>(run: string, started: string, work: () => Promise<T>): Promise<T> {
  const content = `${JSON.stringify({ ...ownProcess(), started, nonce: nonce() })}\n`;
  acquire(run, content);
  const release = (): void => {
    releaseLock(run, content);
  };
  const keep = atExit(release);
  try {
    return await work();
  } finally {
    release();
    keep();
  }
}

function acquire(run: string, content: string): void {
  const path = runLayout.lock(run);
  explainWriting(path, () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (create(run, content)) return;
      const found = contentOf(path);
      if (found === null) continue;
      requireStale(run, found);
      setAside(run, found);
    }
    throw new OutputError(`${run} is being locked by other processes over and over. Try again.`);
  });
}

/** Create the lock, complete from the start, unless there is one; whether that worked. */
function create(run: string, content: string): boolean {
  const temporary = temporaryName(run);
  try {
    writeSynced(temporary, content);
    return linkLock(temporary, runLayout.lock(run), content);
  } catch (error) {
    const code = systemErrorCode(error);
    // ENOENT: the holder of the lock has tidied the temporary file away.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function linkLock(temporary: string, path: string, content: string): boolean {
  try {
    linkSync(temporary, path);
  } catch (error) {
    // Some file systems have no hard links; there the lock is empty for a moment.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(systemErrorCode(error) ?? "")) throw error;
    writeSynced(path, content);
  }
  return true;
}

/** Throw an OutputError unless the process that wrote this lock is known to have ended. */
function requireStale(run: string, content: string): void {
  const path = runLayout.lock(run);
  const lock = parse(content);
  if (lock === null) {
    throw new OutputError(
      `${run} is locked, but ${path} does not say by whom. If no other rbm-rg writes there, delete ${path}.`,
    );
  }
  const holder = `process ${lock.pid} on ${lock.host} since ${lock.started}`;
  switch (processState(lock)) {
    case "dead":
      return;
    case "alive":
      throw new OutputError(`${run} is being written by ${holder}. Wait for it, or choose another -o.`);
    case "elsewhere":
      throw new OutputError(
        `${run} is locked by ${holder}, and this host, ${ownProcess().host}, cannot see whether that still runs. ` +
          `Wait for it, choose another -o, or, if you are sure that it has ended, delete ${path}.`,
      );
  }
}

/**
 * Take a stale lock away. Another process may have done so since and have put its own there: that one is put back. Only a
 * third process that locks within these microseconds could then go unnoticed.
 */
function setAside(run: string, stale: string): void {
  const path = runLayout.lock(run);
  const aside = temporaryName(run);
  try {
    renameSync(path, aside);
    if (contentOf(aside) !== stale) linkLock(aside, path, contentOf(aside) ?? "");
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes(systemErrorCode(error) ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Remove the lock if it is still the one that was written. */
function releaseLock(run: string, content: string): void {
  const path = runLayout.lock(run);
  try {
    if (contentOf(path) === content) rmSync(path, { force: true });
  } catch {
    // A folder that can no longer be written keeps its lock, which the end of this process makes stale.
  }
}

function parse(content: string): Lock | null {
  try {
    const result = v.safeParse(lockSchema, JSON.parse(content));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}

function writeSynced(path: string, content: string): void {
  const descriptor = openSync(path, "wx");
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function temporaryName(run: string): string {
  return join(run, `.lock.${nonce()}.tmp`);
}

function nonce(): string {
  return randomBytes(6).toString("hex");
}
