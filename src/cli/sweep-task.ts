import { OutputError, UsageError } from "../errors/index.js";
import type { Plan, PlannedTask, SweepPlace, TaskOutcome } from "../sweep/index.js";
import { print, printJson } from "./output.js";
import {
  readCount,
  readKernelsName,
  readRetry,
  readThreads,
  sweepPlace,
  type TaskFlags,
} from "./sweep-flags.js";
import { localMachine, withSignals } from "./sweep-machine.js";
import { count } from "./sweep-text.js";

interface OneTaskFlags extends TaskFlags {
  readonly index?: string;
  readonly threads?: string;
}

/** `rbm-rg sweep task`: one task of the plan, for the elements of an array job. */
export async function runOneTask(file: string, id: string | undefined, flags: OneTaskFlags): Promise<void> {
  const options = {
    threads: readThreads("--threads", flags.threads),
    kernels: readKernelsName(flags.kernels),
    retry: readRetry(flags.retry),
  };
  const { outwaitSilence, prepareFolders, readPlan, runTask, StopRequest } =
    await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  const plan = readPlan(place.folder, file);
  const task = findTask(plan, place, id, flags.index);
  prepareFolders(place.folder);
  const stop = new StopRequest();
  const note = (message: string): void => {
    if (flags.quiet !== true) process.stderr.write(`rbm-rg: ${message}\n`);
  };
  const attempt = (): Promise<TaskOutcome> => runTask(plan, task, place.folder, localMachine, options, stop);
  const outcome = await withSignals(stop, note, () => outwaitSilence(attempt, stop, note));
  tell(outcome, task, place, flags);
}

function findTask(
  plan: Plan,
  { folder }: SweepPlace,
  id: string | undefined,
  index: string | undefined,
): PlannedTask {
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
  throw new UsageError(`${folder}: ${what} with "${id}"; rbm-rg sweep list shows all ids.`);
}

function tell(
  outcome: TaskOutcome,
  { id, index }: PlannedTask,
  { folder }: SweepPlace,
  flags: OneTaskFlags,
): void {
  if (flags.json === true)
    printJson({ sweep: folder, index, id, ...outcome, kind: undefined, outcome: outcome.kind });
  switch (outcome.kind) {
    case "done":
      if (flags.json !== true && flags.quiet !== true) print(`${folder}/runs/${id} is finished.`);
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
