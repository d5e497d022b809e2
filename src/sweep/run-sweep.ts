import type { Progress } from "../experiment/environment.js";
import type { EventSink } from "../runs/events.js";
import { stopCodes } from "./child-end.js";
import { describeAssignment } from "./expand.js";
import type { Machine, StopRequest } from "./machine.js";
import type { Plan, PlannedTask } from "./plan.js";
import { linkDataset, prepareFolders, runTask, type TaskOutcome } from "./run-task.js";
import { hasDataset } from "./shared-dataset.js";
import type { TaskOptions } from "./task-options.js";
import { taskProgress } from "./task-progress.js";
import { surveySweep } from "./task-state.js";

/** Exit code of a command that could not write. */
const UNWRITABLE = 73;

/** Steps of the progress that a task makes. */
const SHARES = 100;

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
  /**
   * 0 all done or in other hands; 2 some failed; 73 some failed, all because they could not write; 130, 143, 75 stopped by a
   * signal; 75 stopped by a time limit.
   */
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
  events: EventSink = () => undefined,
): Promise<SweepOutcome> {
  prepareFolders(sweep);
  const statuses = surveySweep(plan, sweep);
  const pending = statuses.filter(({ state }) => state !== "done").map(({ task }) => task);
  // A sweep that was killed may not have come to that.
  for (const { task, state } of statuses) if (state === "done") linkDataset(task, sweep);
  const work = new SweepWork(sweep, pending, progress, events);
  progress.start(`sweep ${plan.name}`, SHARES * pending.length);
  const ticking = setInterval(() => {
    work.show();
  }, TICK);
  try {
    let broken = false;
    const worker = async (): Promise<void> => {
      for (;;) {
        if (stop.signal !== null || broken || (work.failed && !options.keepGoing)) return;
        const task = work.take();
        if (task === null) return;
        try {
          work.settle(task, await runTask(plan, task, sweep, machine, options, stop));
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
  return work.outcome(plan.tasks.length - pending.length, stop);
}

/** Wait for all; only then pass on what the first of them has thrown. */
async function allEnded(workers: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** The tasks of a run of a sweep: which are to be begun, and what became of the others. */
class SweepWork {
  readonly #pending: PlannedTask[];
  readonly #running = new Set<PlannedTask>();
  /** Shared datasets that a task of ours is making. */
  readonly #sampling = new Set<string>();
  readonly #count = { done: 0, failed: 0, interrupted: 0, busy: 0 };
  /** Failed tasks whose folder could not be written. */
  #unwritable = 0;

  constructor(
    private readonly sweep: string,
    pending: readonly PlannedTask[],
    private readonly progress: Progress,
    private readonly events: EventSink,
  ) {
    this.#pending = [...pending];
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
    this.#running.add(task);
    this.events({ event: "task-started", ...this.#place(task) });
    this.show();
    return task;
  }

  settle(task: PlannedTask, outcome: TaskOutcome): void {
    this.#count[outcome.kind]++;
    this.#running.delete(task);
    this.#tell(task, outcome);
    if (task.data !== null) this.#sampling.delete(task.data);
    if (outcome.kind === "failed") {
      if (outcome.code === UNWRITABLE) this.#unwritable++;
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
    const running = [...this.#running].map(({ id }) => taskProgress(this.sweep, id));
    const share = running.reduce((sum, task) => sum + task.share, settled);
    const step = running.length === 1 && this.#pending.length === 0 ? running[0].step : "";
    const counts = `${done} done, ${running.length} running, ${failed} failed, ${this.#pending.length} to go`;
    void this.progress.update(Math.floor(SHARES * share), step === "" ? counts : step);
  }

  #place({ id, index }: PlannedTask) {
    return { sweep: this.sweep, task: id, index };
  }

  #tell(task: PlannedTask, outcome: TaskOutcome): void {
    const place = this.#place(task);
    switch (outcome.kind) {
      case "done":
        this.events({ event: "task-finished", ...place });
        return;
      case "interrupted":
        this.events({ event: "task-interrupted", ...place, exit_code: outcome.code });
        return;
      case "failed":
        this.events({
          event: "task-failed",
          ...place,
          exit_code: outcome.code,
          message: outcome.reason,
          log: outcome.log,
        });
        return;
      case "busy":
    }
  }

  outcome(skipped: number, stop: StopRequest): SweepOutcome {
    const { done, failed, interrupted, busy } = this.#count;
    const exitCode = this.#exitCode(stop);
    return { skipped, done, failed, interrupted, elsewhere: busy, waiting: this.#pending.length, exitCode };
  }

  #exitCode({ signal }: StopRequest): number {
    const { failed, interrupted } = this.#count;
    if (signal !== null) return stopCodes[signal];
    if (failed > 0) return failed === this.#unwritable ? UNWRITABLE : 2;
    return interrupted > 0 ? stopCodes.SIGUSR1 : 0;
  }
}

function named({ assignment }: PlannedTask): string {
  const text = describeAssignment(assignment);
  return text === "" ? "" : `; ${text}`;
}
