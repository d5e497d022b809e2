import type { Progress } from "../experiment/environment.js";
import { stopCodes } from "./child-end.js";
import { describeAssignment } from "./expand.js";
import type { Machine, StopRequest } from "./machine.js";
import type { Plan, PlannedTask } from "./plan.js";
import { prepareFolders, runTask, type TaskOutcome } from "./run-task.js";
import { hasDataset } from "./shared-dataset.js";
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

/** What a run of a sweep did, in numbers of tasks. */
export interface SweepOutcome {
  /** Finished before. */
  readonly skipped: number;
  /** Finished now. */
  readonly done: number;
  readonly failed: number;
  readonly interrupted: number;
  /** Being run by another process. */
  readonly elsewhere: number;
  /** Not begun, because of a failure or a request to stop. */
  readonly waiting: number;
  /** 0 all done or in other hands; 2 some failed; 130, 143, 75 stopped by a signal; 75 stopped by a time limit. */
  readonly exitCode: number;
}

/**
 * Run all tasks of a plan that are not finished, `jobs` at a time, each in a child process. After a failure no other task
 * is begun, unless `keepGoing`; those that run are let finish. A request to stop is passed on to the children, which save
 * what they have. Running a sweep again goes on with what is left, failed tasks included.
 */
export async function runSweep(
  plan: Plan,
  sweep: string,
  machine: Machine,
  options: SweepOptions,
  stop: StopRequest,
  progress: Progress,
): Promise<SweepOutcome> {
  prepareFolders(sweep);
  const pending = surveySweep(plan, sweep)
    .filter(({ state }) => state !== "done")
    .map(({ task }) => task);
  const work = new SweepWork(sweep, pending, progress);
  progress.start(`sweep ${plan.name}`, pending.length);
  const ticking = setInterval(() => {
    work.show();
  }, TICK);
  try {
    const worker = async (): Promise<void> => {
      for (;;) {
        if (stop.signal !== null || (work.failed && !options.keepGoing)) return;
        const task = work.take();
        if (task === null) return;
        work.settle(task, await runTask(plan, task, sweep, machine, options, stop));
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.jobs, pending.length) }, worker));
  } finally {
    clearInterval(ticking);
    progress.finish();
  }
  return work.outcome(plan.tasks.length - pending.length, stop);
}

/** The tasks of a run of a sweep: which are to be begun, and what became of the others. */
class SweepWork {
  readonly #pending: PlannedTask[];
  readonly #total: number;
  /** Shared datasets that a task of ours is making. */
  readonly #sampling = new Set<string>();
  readonly #count = { done: 0, failed: 0, interrupted: 0, busy: 0 };

  constructor(
    private readonly sweep: string,
    pending: readonly PlannedTask[],
    private readonly progress: Progress,
  ) {
    this.#pending = [...pending];
    this.#total = pending.length;
  }

  get failed(): boolean {
    return this.#count.failed > 0;
  }

  /** The next task; one that would wait for a dataset being sampled comes later, if there is another. */
  take(): PlannedTask | null {
    for (const hash of this.#sampling) if (hasDataset(this.sweep, hash)) this.#sampling.delete(hash);
    const ready = this.#pending.findIndex(({ data }) => data === null || !this.#sampling.has(data));
    const [task] = this.#pending.splice(Math.max(0, ready), 1) as [PlannedTask?];
    if (task === undefined) return null;
    if (task.data !== null && !hasDataset(this.sweep, task.data)) this.#sampling.add(task.data);
    this.show();
    return task;
  }

  settle(task: PlannedTask, outcome: TaskOutcome): void {
    this.#count[outcome.kind]++;
    if (task.data !== null) this.#sampling.delete(task.data);
    if (outcome.kind === "failed") {
      this.progress.note(
        `task ${task.index} (${task.id}${named(task)}) failed, ${outcome.reason}. Log: ${outcome.log}`,
      );
    }
    if (outcome.kind === "busy") {
      const { pid, host } = outcome.holder;
      this.progress.note(
        `task ${task.index} (${task.id}) is being run by process ${pid} on ${host}; left to it.`,
      );
    }
    this.show();
  }

  show(): void {
    const { done, failed, interrupted, busy } = this.#count;
    const settled = done + failed + interrupted + busy;
    const running = this.#total - this.#pending.length - settled;
    // Before the first has ended there is nothing to tell the time left from.
    if (settled === 0) return;
    void this.progress.update(
      settled,
      `${done} done, ${running} running, ${failed} failed, ${this.#pending.length} to go`,
    );
  }

  outcome(skipped: number, stop: StopRequest): SweepOutcome {
    const { done, failed, interrupted, busy } = this.#count;
    const exitCode =
      stop.signal !== null
        ? stopCodes[stop.signal]
        : failed > 0
          ? 2
          : interrupted > 0
            ? stopCodes.SIGUSR1
            : 0;
    return { skipped, done, failed, interrupted, elsewhere: busy, waiting: this.#pending.length, exitCode };
  }
}

function named({ assignment }: PlannedTask): string {
  const text = describeAssignment(assignment);
  return text === "" ? "" : `; ${text}`;
}
