import { OutputError, UsageError } from "../errors/index.js";
import type { Plan, PlannedTask, TaskOutcome } from "../sweep/index.js";
import { withEvents } from "./events.js";
import { type EventsFlags, printSummary } from "./events-option.js";
import { printJson } from "./output.js";
import { terminalProgress } from "./progress.js";
import { sweepOptions } from "./run-plan.js";
import type { StopFlags } from "./stop-options.js";
import { readCount, readThreads, sweepPlace, type TaskFlags } from "./sweep-flags.js";
import { localMachine, withSignals } from "./sweep-machine.js";
import { count } from "./sweep-text.js";
import { withTimeLimit } from "./sweep-time-limit.js";

interface OneTaskFlags extends TaskFlags, StopFlags, EventsFlags {
  readonly index?: string;
  readonly threads?: string;
}

/** `rbm-rg sweep task`: one task of the plan, for the elements of an array job. */
export async function runOneTask(file: string, id: string | undefined, flags: OneTaskFlags): Promise<void> {
  const options = sweepOptions(flags, 1, readThreads("--threads", flags.threads));
  const { InputCheck, outwaitSilence, prepareFolders, readPlan, runTask, StopRequest, TaskEvents } =
    await import("../sweep/index.js");
  const { folder: sweep } = await sweepPlace(file, flags);
  const plan = readPlan(sweep, file);
  const task = findTask(plan, sweep, id, flags.index);
  prepareFolders(sweep);
  const stop = new StopRequest();
  const setting = { plan, sweep, machine: localMachine, options, stop, inputs: new InputCheck(plan) };
  const progress = terminalProgress(flags.quiet === true);
  const outcome = await withEvents(flags, { sweep }, progress, async (observed, sink) => {
    const events = new TaskEvents(sweep, sink);
    const note = (message: string): void => {
      if (flags.quiet !== true) observed.note(message);
    };
    const attempt = (): Promise<TaskOutcome> =>
      runTask(task, setting, () => {
        events.begun(task);
      });
    const ended = await withTimeLimit(flags, stop, note, () =>
      withSignals(stop, note, () => outwaitSilence(attempt, stop, note)),
    );
    events.ended(task, ended);
    return ended;
  });
  tell(outcome, task, sweep, flags);
}

function findTask(plan: Plan, sweep: string, id: string | undefined, index: string | undefined): PlannedTask {
  if ((id === undefined) === (index === undefined)) {
    throw new UsageError(
      "sweep task needs the task's id or its --index, one of them; rbm-rg sweep list shows both.",
    );
  }
  if (index !== undefined) return plan.tasks[readCount("--index", index, 0, plan.tasks.length - 1)];
  const found = plan.tasks.filter((task) => task.id.startsWith(id!));
  if (found.length === 1 && id !== "") return found[0];
  const what =
    found.length === 0
      ? "no task has an id that starts"
      : `${count(found.length, "task")} have ids that start`;
  throw new UsageError(`${sweep}: ${what} with "${id}"; rbm-rg sweep list shows all ids.`);
}

function tell(outcome: TaskOutcome, { id, index }: PlannedTask, sweep: string, flags: OneTaskFlags): void {
  if (flags.json === true)
    printJson({ sweep, index, id, ...outcome, kind: undefined, outcome: outcome.kind });
  switch (outcome.kind) {
    case "done":
      if (flags.json !== true && flags.quiet !== true)
        printSummary(`${sweep}/runs/${id} is finished.`, flags);
      return;
    case "busy": {
      const { pid, host } = outcome.holder;
      throw new OutputError(`task ${index} (${id}) is being run by process ${pid} on ${host}. Wait for it.`);
    }
    case "interrupted":
      process.exitCode = outcome.code;
      return;
    case "failed":
      process.stderr.write(`rbm-rg: task ${index} (${id}) failed, ${outcome.reason}. Log: ${outcome.log}\n`);
      process.exitCode = outcome.code;
  }
}
