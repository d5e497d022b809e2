import { isAbsolute, resolve } from "node:path";
import type { Plan, PlannedTask, SweepPlace } from "../sweep/index.js";
import type { CommonFlags } from "./options.js";
import { formatBytes, formatTable, print, printJson } from "./output.js";
import { type SweepFlags, sweepPlace } from "./sweep-flags.js";
import { localMachine, programFile } from "./sweep-machine.js";
import { count, formatSeconds } from "./sweep-text.js";

interface PlanFlags extends SweepFlags {
  readonly extend?: boolean;
  readonly dryRun?: boolean;
}

/** Memory the WebAssembly kernels can have. */
const KERNEL_LIMIT = 2 ** 32;

/** `rbm-rg sweep plan`: expand, check, write plan.json, and say what would run. */
export async function runPlan(file: string, flags: PlanFlags): Promise<void> {
  const { planSweep, sweepLayout } = await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  if (flags.dryRun === true) {
    await showDraft(place, flags);
    return;
  }
  const { plan, added, left } = await planSweep(place, localMachine, { extend: flags.extend === true });
  const todo = await showPlan(plan, place.folder, flags);
  if (flags.quiet === true || flags.json === true) return;
  const what = added > 0 ? `${count(added, "task")} written to` : "nothing new for";
  note(`${what} ${sweepLayout.plan(place.folder)}, ${count(plan.tasks.length, "task")} in all.`);
  if (left > 0)
    note(
      `${count(left, "planned task")} the file no longer asks for ${left === 1 ? "stays" : "stay"} in the plan.`,
    );
  noteCost(todo);
}

/** Check every task as `plan` does, say what would run, how long and with how much memory; write and compute nothing. */
export async function showDraft(place: SweepPlace, flags: CommonFlags): Promise<void> {
  const { draftPlan } = await import("../sweep/index.js");
  const todo = await showPlan(draftPlan(place), place.folder, flags);
  if (flags.json !== true && flags.quiet !== true) noteCost(todo);
}

/** Print what a plan would run and why, as a table or as JSON; returns the tasks that are not done. */
async function showPlan(plan: Plan, folder: string, { json }: CommonFlags): Promise<readonly PlannedTask[]> {
  const { flatTaskConfig, sweepLayout, taskReasons } = await import("../sweep/index.js");
  const reasons = taskReasons(plan, folder);
  const todo = plan.tasks.filter((_, index) => reasons[index] !== "done");
  if (json === true) {
    printJson({
      name: plan.name,
      folder,
      tasks: plan.tasks.map((task, index) => ({
        index: task.index,
        id: task.id,
        reason: reasons[index],
        parts: task.parts,
        assignment: task.assignment,
        seed: flatTaskConfig(plan, task)["seed"],
        folder: sweepLayout.run(folder, task.id),
        data: task.data === null ? null : sweepLayout.dataset(folder, task.data),
        memory_bytes: task.memoryBytes,
        seconds: task.seconds,
        config: flatTaskConfig(plan, task),
      })),
    });
    return todo;
  }
  const { taskColumns } = await import("./sweep-table.js");
  const { head, cells } = taskColumns(plan);
  print(
    formatTable(
      ["task", "id", "reason", ...head, "memory", "time"],
      plan.tasks.map((task, index) => [
        String(task.index),
        task.id,
        reasons[index],
        ...cells(task),
        formatBytes(task.memoryBytes),
        formatSeconds(task.seconds),
      ]),
    ),
  );
  return todo;
}

/** Say on stderr what tasks would take. */
function noteCost(todo: readonly PlannedTask[]): void {
  if (todo.length === 0) return;
  const largest = todo.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0);
  const seconds = todo.reduce((sum, task) => sum + task.seconds, 0);
  note(
    `${count(todo.length, "task")} to run: roughly ${formatSeconds(seconds)} of one thread in all, ` +
      `up to ${formatBytes(largest)} each (both estimated).`,
  );
  const refused = todo.filter(({ kernelBytes }) => kernelBytes > KERNEL_LIMIT);
  if (refused.length > 0) {
    note(
      `warning: ${count(refused.length, "task")} would need more memory than the WebAssembly kernels can have, the first ` +
        `being task ${refused[0].index}; train will refuse.`,
    );
  }
}

function note(text: string): void {
  process.stderr.write(`rbm-rg: ${text}\n`);
}

interface ListFlags extends SweepFlags {
  readonly commands?: boolean;
  readonly pending?: boolean;
}

/** `rbm-rg sweep list`: one task per line, for shell loops and GNU parallel. */
export async function runList(file: string, flags: ListFlags): Promise<void> {
  const { readPlan, shellWord, surveySweep, sweepLayout } = await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  const plan = readPlan(place.folder, file);
  const states = flags.pending === true ? surveySweep(plan, place.folder) : null;
  const tasks = plan.tasks.filter((_, index) => states?.[index].state !== "done");
  const words = [process.execPath, programFile, "sweep", "task", resolve(file), "-o", resolve(place.folder)];
  // The data a configuration names lie where the sweep was planned.
  const start = plan.inputs.every(({ path }) => isAbsolute(path)) ? "" : `cd ${shellWord(process.cwd())} && `;
  const command = (id: string): string => `${start}${[...words, id].map(shellWord).join(" ")}`;
  const entries = tasks.map(({ index, id }) => ({
    index,
    id,
    folder: sweepLayout.run(place.folder, id),
    command: command(id),
  }));
  if (flags.json === true) printJson(entries);
  else if (entries.length > 0) {
    print(
      entries
        .map((entry) =>
          flags.commands === true ? entry.command : `${entry.index} ${entry.id} ${entry.folder}`,
        )
        .join("\n"),
    );
  }
}
