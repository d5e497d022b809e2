import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { OutputError } from "../errors/index.js";
import { lockContent, lockDigest, type LockHolder, lockNonce, readLock } from "./lock-file.js";
import { explainWriting } from "./output-failure.js";
import { atExit } from "./processes.js";
import { systemErrorCode } from "./system-error.js";

/** Milliseconds between two signs of life of a holder. */
const HEARTBEAT = 20_000;

/** Processes that start at once may meet a few times before one of them has the lock. */
const ATTEMPTS = 20;

/** A lock that is ours until it is released, or this process ends. */
export interface HeldLock {
  /** Whether it is still there: not deleted with its folder, nor replaced by another process after a long silence. */
  isOurs(): boolean;
  /** Remove it; doing so again does nothing. */
  release(): void;
}

/**
 * Try to take the lock `path`: a file that names host, boot, process and `started`, the time of day, and that only one
 * process can put there. A lock is stale once its process has ended, as this host sees, or has been silent on another host
 * for five minutes; a stale one is replaced, by one process only, however many try. Returns the lock, or who holds it. The
 * folder must exist. OutputError if the file system refuses.
 */
export function tryLock(path: string, started: string): HeldLock | LockHolder {
  return explainWriting(path, () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const result = attemptLock(path, started);
      if (result !== null) return result;
    }
    throw new OutputError(`${path} is taken and given back by other processes over and over. Try again.`);
  });
}

/** Whether `tryLock` got the lock. */
export function isHeld(lock: HeldLock | LockHolder): lock is HeldLock {
  return "release" in lock;
}

/** Who holds the lock `path` now; null if nobody does who is known to be alive. */
export function lockHolder(path: string): LockHolder | null {
  const found = readLock(path);
  return found === null || found.stale ? null : found.holder;
}

/** Null if what stood in the way has changed meanwhile. */
function attemptLock(path: string, started: string): HeldLock | LockHolder | null {
  const found = readLock(path);
  if (found !== null && !found.stale) return found.holder;
  const content = lockContent(started);
  const draft = `${path}.${lockNonce()}.tmp`;
  try {
    writeSynced(draft, content);
    if (link(draft, path, content)) return hold(path, content);
    return found === null ? null : replaceStale(path, found.content, started, draft, content);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Let the file `draft`, complete as it is, also be the lock, unless there is one; whether that worked. */
function link(draft: string, path: string, content: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const code = systemErrorCode(error) ?? "";
    // A network file system may have made the link and lost the answer.
    if (code === "EEXIST") return isOurs(path, content);
    // The holder of the lock has tidied the draft away.
    if (code === "ENOENT") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
  }
  // Some file systems have no hard links; there the lock is empty for a moment.
  try {
    writeSynced(path, content);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Put `draft` in the place of the lock if that is stale. Who does so holds a second lock meanwhile, named by the content
 * of the stale one: so nobody else can have replaced it between the last look and the renaming, and whoever comes later
 * finds another content. A process that ends in between leaves the second lock stale, which is replaced likewise.
 */
function replaceStale(
  path: string,
  stale: string,
  started: string,
  draft: string,
  content: string,
): HeldLock | LockHolder | null {
  const second = tryLock(`${path}.${lockDigest(stale)}.tmp`, started);
  if (!isHeld(second)) return second;
  try {
    const found = readLock(path);
    if (found?.content !== stale || !found.stale) return null;
    renameSync(draft, path);
    return hold(path, content);
  } catch (error) {
    // The draft has been tidied away.
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  } finally {
    second.release();
  }
}

function hold(path: string, content: string): HeldLock {
  const heartbeat = setInterval(() => {
    const now = Date.now() / 1000;
    try {
      if (isOurs(path, content)) utimesSync(path, now, now);
    } catch {
      // The folder has vanished or cannot be written any more; the work will find out by itself.
    }
  }, HEARTBEAT);
  heartbeat.unref();
  const release = (): void => {
    clearInterval(heartbeat);
    callOff();
    try {
      if (isOurs(path, content)) rmSync(path, { force: true });
    } catch {
      // A folder that can no longer be written keeps its lock, which the end of this process makes stale.
    }
  };
  const callOff = atExit(release);
  return { isOurs: () => isOurs(path, content), release };
}

function isOurs(path: string, content: string): boolean {
  return readLock(path)?.content === content;
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
