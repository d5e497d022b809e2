import { OutputError } from "../errors/index.js";
import { isHeld, tryLock } from "../io/lock.js";
import { expiresIn, type LockHolder } from "../io/lock-file.js";
import { ownProcess } from "../io/processes.js";
import { runLayout } from "./run-layout.js";

/**
 * Do `work` while the folder `run` is locked against other processes that would write into it; `started` is the time of
 * day. A stale lock is replaced (see tryLock). OutputError if another process holds the lock, or may hold it on another
 * host. The lock is removed however `work` ends.
 */
export async function withRunLock<T>(run: string, started: string, work: () => Promise<T>): Promise<T> {
  const lock = tryLock(runLayout.lock(run), started);
  if (!isHeld(lock)) throw new OutputError(refusal(run, lock));
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function refusal(run: string, holder: LockHolder): string {
  const { host, pid, started, elsewhere } = holder;
  const who = `process ${pid} on ${host} since ${started}`;
  if (!elsewhere) return `${run} is being written by ${who}. Wait for it, or choose another -o.`;
  const found =
    pid === 0
      ? `${run} is locked, but ${runLayout.lock(run)} does not say by whom`
      : `${run} is locked by ${who}, and this host, ${ownProcess().host}, cannot see whether that still runs`;
  return (
    `${found}. Wait for it, or choose another -o. If it has ended, its lock expires five minutes after its last sign of ` +
    `life, in ${expiresIn(holder)} s.`
  );
}
