import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ownProcess, type ProcessIdentity, processState } from "../io/processes.js";
import { systemErrorCode } from "../io/system-error.js";
import type { Machine, StopRequest } from "./machine.js";

/** The holder of a lock says that often that it is there, … */
const HEARTBEAT = 20_000;
/**
 * … and is taken for dead if it has been silent for so long on another host, whose processes cannot be seen and whose
 * clock may differ by a minute or two. Both in milliseconds.
 */
const SILENCE = 300_000;

/** Between two looks at a lock that is held by another. */
const POLL = 100;

/** Who holds a lock. */
export type LockHolder = Pick<ProcessIdentity, "host" | "pid">;

/** A lock that is ours until it is released. */
export interface HeldLock {
  release(): void;
}

/**
 * Try to take a lock: a file that only one process can create (O_EXCL) and that names it. A lock left behind by a process
 * that is dead is taken over. Returns the lock, or who holds it. The folder must exist.
 */
export function tryLock(path: string, machine: Machine): HeldLock | LockHolder {
  for (;;) {
    const content = create(path, machine);
    if (content !== null) return hold(path, content, machine);
    const found = look(path);
    if (found === null) continue;
    if (!isStale(found, machine)) return found.holder;
    removeStale(path, found.content);
  }
}

/** Whether `tryLock` got the lock. */
export function isHeld(lock: HeldLock | LockHolder): lock is HeldLock {
  return "release" in lock;
}

/** Who holds a lock now; null if nobody alive does. */
export function lockHolder(path: string, machine: Machine): LockHolder | null {
  const found = look(path);
  return found === null || isStale(found, machine) ? null : found.holder;
}

/** Do something while holding a lock, waiting for it as long as it takes or until a stop is requested: then null. */
export async function withLock<T>(
  path: string,
  machine: Machine,
  stop: StopRequest,
  work: () => T | Promise<T>,
): Promise<T | null> {
  while (stop.signal === null) {
    const lock = tryLock(path, machine);
    if (!isHeld(lock)) {
      await sleep(POLL);
      continue;
    }
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
  return null;
}

/** Locks taken by this process so far: tells one of its locks from the next. */
let turns = 0;

/** Create the file with a content of its own, or null if it exists. */
function create(path: string, machine: Machine): string | null {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return null;
    throw error;
  }
  const content = `${JSON.stringify({ ...ownProcess(), since: machine.now(), turn: ++turns })}\n`;
  try {
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
  return content;
}

function hold(path: string, content: string, machine: Machine): HeldLock {
  const heartbeat = setInterval(() => {
    const seconds = machine.now() / 1000;
    try {
      utimesSync(path, seconds, seconds);
    } catch {
      // Removed by hand; the work goes on, and its results are written atomically.
    }
  }, HEARTBEAT);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (look(path)?.content === content) rmSync(path, { force: true });
    },
  };
}

interface FoundLock {
  readonly content: string;
  readonly holder: ProcessIdentity;
  /** When the holder last said that it is there. */
  readonly heard: number;
}

function look(path: string): FoundLock | null {
  try {
    const content = readFileSync(path, "utf8");
    return { content, holder: parseHolder(content), heard: statSync(path).mtimeMs };
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** A file just created is empty for a moment: its holder is then unknown, and elsewhere as far as we can tell. */
function parseHolder(content: string): ProcessIdentity {
  const unknown = { host: "an unknown host", pid: 0, boot: null, ticks: null };
  try {
    const found = JSON.parse(content) as Partial<ProcessIdentity> | null;
    return typeof found?.pid === "number" && typeof found.host === "string"
      ? { ...unknown, ...found }
      : unknown;
  } catch {
    return unknown;
  }
}

function isStale({ holder, heard }: FoundLock, machine: Machine): boolean {
  const state = processState(holder);
  return state === "dead" || (state === "elsewhere" && machine.now() - heard > SILENCE);
}

/**
 * Remove a lock whose holder is dead. Two processes may try at once: the file is first moved aside, which only one of them
 * can do; should that have been a fresh lock of the other's, it is put back.
 */
function removeStale(path: string, content: string): void {
  const aside = `${path}.${ownProcess().pid}.stale`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== content) linkSync(aside, path);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes(systemErrorCode(error) ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
