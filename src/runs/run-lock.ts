import { OutputError } from "../errors/index.js";
import { isHeld, tryLock } from "../io/lock.js";
import { expiresIn, type LockHolder } from "../io/lock-file.js";
import { ownProcess } from "../io/processes.js";
import { runLayout } from "./run-layout.js";

/**
 * Do `work` while the folder `run` is locked against other processes that would write into it; `started` is the time of
 * day. A stale lock is replaced (see tryLock). OutputError if another process holds the lock, or may hold it on another
 * host. The lock is removed however `work` ends. `requireLock` throws an OutputError if the folder is not there any more or
 * not this process's: someone deleted or moved it, and may have begun another run in its place.
 */
export async function withRunLock<T>(
  run: string,
  started: string,
  work: (requireLock: () => void) => Promise<T>,
): Promise<T> {
  const lock = tryLock(runLayout.lock(run), started);
  if (!isHeld(lock)) throw new OutputError(refusal(run, lock));
  try {
    return await work(() => {
      if (lock.isOurs()) return;
      throw new OutputError(
        `${run} has been deleted, moved or replaced while it was being written. Give the same command again to begin anew.`,
      );
    });
  } finally {
    lock.release();
  }
}

/** What a refusal says of a run on this host, and on another. */
const WRITTEN = "is being written by";
const LOCKED = "is locked";

/** Whether a message of this program says that another process has a run in hand. */
export function isLockRefusal(message: string): boolean {
  return message.includes(` ${WRITTEN} process `) || message.includes(` ${LOCKED} by process `);
}

function refusal(run: string, holder: LockHolder): string {
  const { host, pid, started, elsewhere } = holder;
  const who = `process ${pid} on ${host} since ${started}`;
  if (!elsewhere) return `${run} ${WRITTEN} ${who}. Wait for it, or choose another -o.`;
  const found =
    pid === 0
      ? `${run} ${LOCKED}, but ${runLayout.lock(run)} does not say by whom`
      : `${run} ${LOCKED} by ${who}, and this host, ${ownProcess().host}, cannot see whether that still runs`;
  return (
    `${found}. Wait for it, or choose another -o. If it has ended, its lock expires five minutes after its last sign of ` +
    `life, in ${expiresIn(holder)} s.`
  );
}
