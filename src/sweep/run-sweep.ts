import type { Progress } from "../experiment/environment.js";
import type { EventSink } from "../runs/events.js";
import { InputCheck } from "./input-check.js";
import type { Machine, StopRequest } from "./machine.js";
import type { Plan } from "./plan.js";
import { linkDataset, prepareFolders, runTask } from "./run-task.js";
import { type SweepOutcome, SweepWork } from "./sweep-work.js";
import type { TaskOptions } from "./task-options.js";
import { surveySweep } from "./task-state.js";

/** Milliseconds between two looks at the time left. */
const TICK = 1000;

export interface SweepOptions extends TaskOptions {
  /** Tasks at a time. */
  readonly jobs: number;
  /** Go on with other tasks after one has failed. */
  readonly keepGoing: boolean;
}

/**
 * Run all tasks of a plan that are not finished, `jobs` at a time, each in a child process. After a failure no other task
 * is begun, unless `keepGoing`; those that run are let finish. Tasks that other processes have in hand are waited for, and
 * taken over where those give them up. A request to stop is passed on to the children, which save what they have. Running
 * a sweep again goes on with what is left, failed tasks included.
 */
export async function runSweep(
  plan: Plan,
  sweep: string,
  machine: Machine,
  options: SweepOptions,
  stop: StopRequest,
  progress: Progress,
  events: EventSink = () => undefined,
): Promise<SweepOutcome> {
  prepareFolders(sweep);
  const statuses = surveySweep(plan, sweep);
  const pending = statuses.filter(({ state }) => state !== "done").map(({ task }) => task);
  // A sweep that was killed may not have come to that.
  for (const { task, state } of statuses) if (state === "done") linkDataset(task, sweep);
  const work = new SweepWork(sweep, pending, stop, progress, events);
  const setting = { plan, sweep, machine, options, stop, inputs: new InputCheck(plan) };
  work.start(plan.name);
  const ticking = setInterval(() => {
    work.show();
  }, TICK);
  try {
    let broken = false;
    const worker = async (): Promise<void> => {
      for (;;) {
        if (stop.signal !== null || broken || (work.failed && !options.keepGoing)) return;
        const task = work.take();
        if (task === null && !work.isAwaited) return;
        try {
          if (task === null) await work.pause();
          else {
            const outcome = await runTask(task, setting, () => {
              work.begin(task);
            });
            work.settle(task, outcome);
          }
        } catch (error) {
          broken = true;
          throw error;
        }
      }
    };
    await allEnded(Array.from({ length: Math.min(options.jobs, pending.length) }, worker));
  } finally {
    clearInterval(ticking);
    progress.finish();
  }
  return work.outcome(plan.tasks.length - pending.length);
}

/** Wait for all; only then pass on what the first of them has thrown. */
async function allEnded(workers: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
