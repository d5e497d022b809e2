import type { Progress } from "../experiment/environment.js";
import type { LockHolder } from "../io/lock-file.js";
import type { EventSink } from "../runs/events.js";
import { stopCodes } from "./child-end.js";
import { describeAssignment } from "./expand.js";
import type { StopRequest } from "./machine.js";
import type { PlannedTask } from "./plan.js";
import type { TaskOutcome } from "./run-task.js";
import { hasDataset } from "./shared-dataset.js";
import { TaskEvents } from "./task-events.js";
import { taskProgress } from "./task-progress.js";
import { taskHolder } from "./task-state.js";

/** Exit code of a command that could not write. */
const UNWRITABLE = 73;

/** Steps of the progress that a task makes; one that runs has at least one of them before it. */
const SHARES = 100;
const MOST = 1 - 1 / SHARES;

/** Milliseconds between two looks at tasks that other processes have in hand. */
const POLL = 1000;

/** Tasks named in a note about these. */
const NAMED = 3;

/** What a run of a sweep did, in numbers of tasks. */
export interface SweepOutcome {
  /** Finished before. */
  readonly skipped: number;
  /** Finished now. */
  readonly done: number;
  readonly failed: number;
  readonly interrupted: number;
  /** Still being run by another process when this one stopped. */
  readonly elsewhere: number;
  /** Not begun, because of a failure or a request to stop. */
  readonly waiting: number;
  /**
   * 0 all done; 2 some failed; 73 some failed, all because they could not write; 130, 143, 75 stopped by a signal; 75 stopped
   * by a time limit.
   */
  readonly exitCode: number;
}

/** The tasks of a run of a sweep: which are to be begun, which others are at, and what became of the rest. */
export class SweepWork {
  readonly #pending: PlannedTask[];
  readonly #running = new Set<PlannedTask>();
  /** Tasks that other processes have in hand, and who. */
  readonly #awaited = new Map<PlannedTask, LockHolder>();
  /** Shared datasets that a task of ours is making. */
  readonly #sampling = new Set<string>();
  readonly #count = { done: 0, failed: 0, interrupted: 0 };
  readonly #events: TaskEvents;
  /** Failed tasks whose folder could not be written. */
  #unwritable = 0;
  /** Those who have been named in a note about tasks in other hands. */
  readonly #named = new Set<string>();
  #waiting: Promise<void> | null = null;

  constructor(
    private readonly sweep: string,
    pending: readonly PlannedTask[],
    private readonly stop: StopRequest,
    private readonly progress: Progress,
    events: EventSink,
  ) {
    this.#pending = [...pending];
    this.#events = new TaskEvents(sweep, events);
  }

  /** Begin to tell the progress of the sweep `name`. */
  start(name: string): void {
    this.progress.start(`sweep ${name}`, SHARES * this.#pending.length);
  }

  get failed(): boolean {
    return this.#count.failed > 0;
  }

  /** Whether there are tasks that other processes have in hand. */
  get isAwaited(): boolean {
    return this.#awaited.size > 0;
  }

  /** The next task; one that would wait for a dataset being sampled comes later, if there is another. */
  take(): PlannedTask | null {
    for (const hash of this.#sampling) if (hasDataset(this.sweep, hash)) this.#sampling.delete(hash);
    const ready = this.#pending.findIndex(({ data }) => data === null || !this.#sampling.has(data));
    const [task] = this.#pending.splice(Math.max(0, ready), 1) as [PlannedTask?];
    if (task === undefined) return null;
    if (task.data !== null && !hasDataset(this.sweep, task.data)) this.#sampling.add(task.data);
    this.#running.add(task);
    return task;
  }

  /** Work on a task that was taken begins. */
  begin(task: PlannedTask): void {
    this.#events.begun(task);
    this.show();
  }

  /** Work on a task that was taken has ended. */
  settle(task: PlannedTask, outcome: TaskOutcome): void {
    this.#running.delete(task);
    if (task.data !== null) this.#sampling.delete(task.data);
    if (outcome.kind === "busy") this.#awaited.set(task, outcome.holder);
    else this.#count[outcome.kind]++;
    this.#events.ended(task, outcome);
    if (outcome.kind === "failed") {
      if (outcome.code === UNWRITABLE) this.#unwritable++;
      this.progress.note(
        `task ${task.index} (${task.id}${named(task)}) failed, ${outcome.reason}. Log: ${outcome.log}`,
      );
    }
    this.show();
  }

  /** Wait a moment for those who have tasks in hand; tasks that they have finished or given up can be taken afterwards. */
  pause(): Promise<void> {
    this.#tellAwaited();
    this.#waiting ??= this.stop.sleep(POLL).then(() => {
      this.#waiting = null;
      for (const task of this.#awaited.keys()) {
        if (taskHolder(this.sweep, task.id) !== null) continue;
        this.#awaited.delete(task);
        this.#pending.push(task);
      }
    });
    return this.#waiting;
  }

  show(): void {
    const { done, failed, interrupted } = this.#count;
    const running = [...this.#running].map(({ id }) => taskProgress(this.sweep, id));
    const awaited = [...this.#awaited.keys()].map(({ id }) => taskProgress(this.sweep, id));
    const settled = done + failed + interrupted;
    const share = [...running, ...awaited].reduce((sum, task) => sum + Math.min(MOST, task.share), settled);
    const alone = running.length === 1 && this.#pending.length === 0 && awaited.length === 0;
    const counts =
      `${done} done, ${running.length} running, ${failed} failed, ${this.#pending.length} to go` +
      (awaited.length === 0 ? "" : `, ${awaited.length} run elsewhere`);
    const detail = alone && running[0].step !== "" ? running[0].step : counts;
    void this.progress.update(Math.floor(SHARES * share), detail);
  }

  outcome(skipped: number): SweepOutcome {
    const { done, failed, interrupted } = this.#count;
    return {
      skipped,
      done,
      failed,
      interrupted,
      elsewhere: this.#awaited.size,
      waiting: this.#pending.length,
      exitCode: this.#exitCode(),
    };
  }

  /** Say for whom this process waits, unless that has been said. */
  #tellAwaited(): void {
    const holders = [...this.#awaited.values()].map(({ pid, host }) => `process ${pid} on ${host}`);
    if (holders.every((holder) => this.#named.has(holder))) return;
    for (const holder of holders) this.#named.add(holder);
    const tasks = [...this.#awaited.keys()].map(
      ({ index, id }, k) => `task ${index} (${id}) by ${holders[k]}`,
    );
    const more = tasks.length > NAMED ? ", …" : "";
    this.progress.note(
      `waiting for what other processes run: ${tasks.slice(0, NAMED).join(", ")}${more}; what they give up is taken over.`,
    );
  }

  #exitCode(): number {
    const { failed, interrupted } = this.#count;
    if (this.stop.signal !== null) return stopCodes[this.stop.signal];
    if (failed > 0) return failed === this.#unwritable ? UNWRITABLE : 2;
    return interrupted > 0 ? stopCodes.SIGUSR1 : 0;
  }
}

function named({ assignment }: PlannedTask): string {
  const text = describeAssignment(assignment);
  return text === "" ? "" : `; ${text}`;
}
