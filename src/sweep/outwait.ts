import type { LockHolder } from "../io/lock-file.js";
import { stopCodes } from "./child-end.js";
import type { StopRequest } from "./machine.js";
import type { TaskOutcome } from "./run-task.js";

/** Milliseconds between two attempts. */
const POLL = 1000;

/**
 * Have a task run by `attempt` even if another host had it in hand that has crashed since: as long as that gives no sign of
 * life, wait for its locks to expire. What a batch system puts back into the queue after the loss of a node needs this. A
 * holder that is seen or heard has the task: then the outcome is "busy". `note` tells the user of waiting.
 */
export async function outwaitSilence(
  attempt: () => Promise<TaskOutcome>,
  stop: StopRequest,
  note: (message: string) => void,
): Promise<TaskOutcome> {
  let silent: LockHolder | null = null;
  for (;;) {
    const outcome = await attempt();
    if (outcome.kind !== "busy" || !outcome.holder.elsewhere) return outcome;
    const { holder } = outcome;
    const known = silent?.host === holder.host && silent.pid === holder.pid;
    if (known && holder.heard > silent!.heard) return outcome;
    if (!known) {
      silent = holder;
      note(
        `process ${holder.pid} on ${holder.host} has the task in hand; waiting until it gives a sign of life, or has given ` +
          `none for five minutes.`,
      );
    }
    await stop.sleep(POLL);
    if (stop.signal !== null) return { kind: "interrupted", code: stopCodes[stop.signal] };
  }
}
