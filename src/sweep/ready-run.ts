import { readdirSync } from "node:fs";
import { clearRunFolder, isRemains } from "../experiment/run-folder.js";
import { appendText, removeFile } from "../io/index.js";
import { isHeld, tryLock } from "../io/lock.js";
import type { LockHolder } from "../io/lock-file.js";
import { removeCheckpoints, runLayout } from "../runs/index.js";
import { findRun, type FoundRun } from "./found-run.js";
import { sweepLayout } from "./layout.js";
import type { PlannedTask } from "./plan.js";
import type { TaskSetting } from "./task-setting.js";

/** Whether a run folder can be trained into: with which flags, or why not, or because of whom not. */
export type Readiness =
  | { readonly kind: "ready"; readonly flags: readonly string[] }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "busy"; readonly holder: LockHolder };

/**
 * Make the run folder of a task fit for training: what is left of a damaged run gives way to a new one, which will have the
 * same bytes; another run, and what no run writes, is left as it is and refused.
 */
export function readyRun(task: PlannedTask, { plan, sweep, machine }: TaskSetting): Readiness {
  const run = sweepLayout.run(sweep, task.id);
  const found = findRun(plan, task, sweep);
  switch (found.kind) {
    case "none":
    case "own":
      return { kind: "ready", flags: [] };
    case "incomplete":
      warn(task, sweep, found);
      return { kind: "ready", flags: ["--force"] };
    case "unreadable": {
      const lock = tryLock(runLayout.lock(run), machine.timestamp());
      if (!isHeld(lock)) return { kind: "busy", holder: lock };
      try {
        warn(task, sweep, found);
        return clear(run, found);
      } finally {
        lock.release();
      }
    }
    case "foreign":
      return { kind: "refused", why: `${run} is not this task's: ${found.what}. Move it away or remove it` };
  }
}

/** Remove all that the program writes into a run folder; the manifest last, which says whose the rest is. */
function clear(run: string, { what }: Extract<FoundRun, { readonly what: string }>): Readiness {
  clearRunFolder(run, []);
  removeCheckpoints(run);
  removeFile(runLayout.manifest(run));
  const left = readdirSync(run).find((name) => !isRemains(name));
  if (left === undefined) return { kind: "ready", flags: [] };
  const why = `${run} cannot begin anew: ${what}, and ${left} is not a file of a run. Move ${left} away`;
  return { kind: "refused", why };
}

function warn({ id }: PlannedTask, sweep: string, { what }: { readonly what: string }): void {
  const run = sweepLayout.run(sweep, id);
  appendText(sweepLayout.log(sweep, id), `rbm-rg: warning: ${run} begins anew: ${what}.\n`);
}
