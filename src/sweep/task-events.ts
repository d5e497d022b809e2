import type { EventSink } from "../runs/events.js";
import type { PlannedTask } from "./plan.js";
import type { TaskOutcome } from "./run-task.js";

/** Tells events what becomes of the tasks of a sweep. */
export class TaskEvents {
  constructor(
    private readonly sweep: string,
    private readonly sink: EventSink,
  ) {}

  begun(task: PlannedTask): void {
    this.sink({ event: "task-started", ...this.#place(task) });
  }

  /** Tell of the end of a task; of one that another process is at there is none. */
  ended(task: PlannedTask, outcome: TaskOutcome): void {
    const place = this.#place(task);
    switch (outcome.kind) {
      case "done":
        this.sink({ event: "task-finished", ...place });
        return;
      case "interrupted":
        this.sink({ event: "task-interrupted", ...place, exit_code: outcome.code });
        return;
      case "failed": {
        const { code, reason, log } = outcome;
        this.sink({ event: "task-failed", ...place, exit_code: code, message: reason, log });
        return;
      }
      case "busy":
    }
  }

  #place({ id, index }: PlannedTask) {
    return { sweep: this.sweep, task: id, index };
  }
}
