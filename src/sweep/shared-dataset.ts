import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { removeAbandoned, writeFileAtomic } from "../io/index.js";
import { type Ending, endingOf, stopCodes } from "./child-end.js";
import { sweepLayout } from "./layout.js";
import { withLock } from "./lock.js";
import type { Machine, StopRequest } from "./machine.js";
import type { Plan, PlannedTask } from "./plan.js";
import { logged } from "./logged.js";
import { samplingConfig } from "./task-config.js";
import { commandFlags, type TaskOptions } from "./task-options.js";

/** Whether a shared dataset is there; it appears complete or not at all. */
export function hasDataset(sweep: string, hash: string): boolean {
  return existsSync(join(sweepLayout.dataset(sweep, hash), "manifest.json"));
}

/**
 * Have the dataset of a task: whoever comes first samples it, under a lock; others, on this machine or another, wait and
 * use it. The dataset is a function of its configuration, so nobody can tell who made it. The folders must exist.
 */
export async function ensureDataset(
  plan: Plan,
  task: PlannedTask,
  sweep: string,
  machine: Machine,
  options: TaskOptions,
  stop: StopRequest,
): Promise<Ending> {
  const { data } = task;
  if (data === null || hasDataset(sweep, data)) return { kind: "done" };
  const ending = await withLock(sweepLayout.datasetLock(sweep, data), machine, stop, async () => {
    if (hasDataset(sweep, data)) return { kind: "done" } as const;
    removeAbandoned(sweepLayout.dataset(sweep, data));
    const config = sweepLayout.datasetConfig(sweep, data);
    writeFileAtomic(config, stringify(samplingConfig(plan, task)));
    const command = ["sample", "--config", config, "-o", sweepLayout.dataset(sweep, data)];
    return endingOf(
      await logged(
        [...command, ...commandFlags(options)],
        sweepLayout.datasetLog(sweep, data),
        machine,
        stop,
        {
          // Sampling keeps nothing of an unfinished dataset, and listens to nothing but the usual.
          SIGUSR1: "SIGTERM",
        },
      ),
    );
  });
  return ending ?? { kind: "interrupted", code: stopCodes[stop.signal ?? "SIGTERM"] };
}
