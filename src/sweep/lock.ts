import { isHeld, tryLock } from "../io/lock.js";
import type { Machine, StopRequest } from "./machine.js";

/** Milliseconds between two looks at a lock that is held by another. */
const POLL = 100;

/** Do something while holding a lock, waiting for it as long as it takes or until a stop is requested: then null. */
export async function withLock<T>(
  path: string,
  machine: Machine,
  stop: StopRequest,
  work: () => T | Promise<T>,
): Promise<T | null> {
  while (stop.signal === null) {
    const lock = tryLock(path, machine.timestamp());
    if (!isHeld(lock)) {
      await stop.sleep(POLL);
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
