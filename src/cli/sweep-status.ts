import { printCollected } from "./collected.js";
import { setTimeout as sleep } from "node:timers/promises";
import type { Plan, TaskStatus } from "../sweep/index.js";
import { formatTable, print, printJson } from "./output.js";
import { type SweepFlags, sweepPlace } from "./sweep-flags.js";
import { count, formatSeconds } from "./sweep-text.js";

interface StatusFlags extends SweepFlags {
  readonly watch?: boolean;
}

/** Milliseconds between two looks of --watch. */
const INTERVAL = 2000;

/** Longest remark in a table. */
const REMARK = 100;

/** Clears a terminal. */
const CLEAR = "\u001b[H\u001b[2J\u001b[3J";

/** `rbm-rg sweep status`: how far a sweep is. */
export async function runStatus(file: string, flags: StatusFlags): Promise<void> {
  const { countStates, readPlan, surveySweep, sweepLayout } = await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  const reader = { isGone: false };
  if (flags.watch === true) {
    // Whoever has seen enough (`| head`) closes the pipe.
    process.stdout.once("error", () => {
      reader.isGone = true;
    });
  }
  for (;;) {
    const plan = readPlan(place.folder, file);
    const statuses = surveySweep(plan, place.folder);
    const counts = countStates(statuses);
    if (flags.json === true) {
      printJson({
        sweep: place.folder,
        total: statuses.length,
        ...counts,
        tasks: statuses.map(({ task, state, seconds, remark }) => ({
          index: task.index,
          id: task.id,
          state,
          parts: task.parts,
          assignment: task.assignment,
          folder: sweepLayout.run(place.folder, task.id),
          seconds,
          remark,
        })),
      });
    } else {
      const shown =
        flags.watch === true
          ? statuses.filter(({ state }) => state !== "done" && state !== "waiting")
          : statuses;
      const summary = Object.entries(counts).map(([state, n]) => `${n} ${state}`);
      const head = `${place.folder}: ${count(statuses.length, "task")}, ${summary.join(", ")}`;
      const clear = flags.watch === true && process.stdout.isTTY ? CLEAR : "";
      print(
        `${clear}${head}${shown.length === 0 || flags.quiet === true ? "" : `\n${await statusTable(plan, shown)}`}`,
      );
    }
    if (flags.watch !== true || counts.done === statuses.length) return;
    await sleep(INTERVAL);
    if (reader.isGone) return;
  }
}

async function statusTable(plan: Plan, statuses: readonly TaskStatus[]): Promise<string> {
  const { taskColumns } = await import("./sweep-table.js");
  const { head, cells } = taskColumns(plan);
  return formatTable(
    ["task", "id", "state", ...head, "time", "remark"],
    statuses.map(({ task, state, seconds, remark }) => [
      String(task.index),
      task.id,
      state,
      ...cells(task),
      seconds === null ? "–" : formatSeconds(seconds),
      remark.length > REMARK ? `${remark.slice(0, REMARK - 1)}…` : remark,
    ]),
  );
}

/** `rbm-rg sweep collect`: the finished runs as one table. */
export async function runCollect(file: string, flags: SweepFlags): Promise<void> {
  const { collectSweep, readPlan, surveySweep } = await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  const plan = readPlan(place.folder, file);
  const states = surveySweep(plan, place.folder);
  await printCollected(collectSweep(plan, place.folder, states), flags);
}
