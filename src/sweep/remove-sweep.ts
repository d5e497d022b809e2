import { rmSync } from "node:fs";
import { join } from "node:path";
import { OutputError } from "../errors/index.js";
import { explainWriting } from "../io/index.js";
import { sweepLayout } from "./layout.js";
import { findPlan } from "./plan-file.js";
import { surveySweep } from "./task-state.js";

/**
 * Remove everything a sweep has written into its folder, and what else is named of it, the plan last; a folder without a
 * plan is left as it is.
 * OutputError if it is not the folder of a sweep, or one of its tasks is running.
 */
export function removeSweep(sweep: string, alsoIn: readonly string[] = []): void {
  const plan = findPlan(sweep);
  if (plan === null) return;
  const running = surveySweep(plan, sweep).find(({ state }) => state === "running");
  if (running !== undefined) {
    throw new OutputError(
      `task ${running.task.index} of ${sweep} is being run by ${running.remark}. Wait for it, or choose another -o.`,
    );
  }
  const { runs, tasks, logs, failures, data, slurm, locks } = sweepLayout;
  const own = [runs, tasks, logs, failures, data, slurm, locks].map((place) => place(sweep));
  for (const path of [...own, ...alsoIn.map((name) => join(sweep, name)), sweepLayout.plan(sweep)]) {
    explainWriting(path, () => {
      rmSync(path, { recursive: true, force: true });
    });
  }
}
