import { printSummary } from "./events-option.js";
import { printJson } from "./output.js";
import { describeOutcome, jobsOf, type PlanRunFlags, runPlan, sweepOptions } from "./run-plan.js";
import { readThreads, sweepPlace } from "./sweep-flags.js";
import { localMachine } from "./sweep-machine.js";
import { count } from "./sweep-text.js";

interface RunFlags extends PlanRunFlags {
  readonly threadsPerJob?: string;
  readonly dryRun?: boolean;
}

/** `rbm-rg sweep run`: every task that is not finished, some at a time, on this machine. */
export async function runRun(file: string, flags: RunFlags): Promise<void> {
  const threads = readThreads("--threads-per-job", flags.threadsPerJob);
  const options = sweepOptions(flags, jobsOf(flags, threads), threads);
  const { planSweep } = await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  if (flags.dryRun === true) {
    const { showDraft } = await import("./sweep-plan.js");
    await showDraft(place, flags);
    return;
  }
  const { plan } = await planSweep(place, localMachine, { extend: false });
  const outcome = await runPlan(plan, place, options, flags);
  const { exitCode, ...counts } = outcome;
  if (flags.json === true) printJson({ sweep: place.folder, tasks: plan.tasks.length, ...counts });
  else if (flags.quiet !== true)
    printSummary(`${place.folder}: ${count(plan.tasks.length, "task")}, ${describeOutcome(outcome)}`, flags);
  if (exitCode !== 0) process.exitCode = exitCode;
}
