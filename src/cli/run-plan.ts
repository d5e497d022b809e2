import { availableParallelism, totalmem } from "node:os";
import type { Plan, SweepOptions, SweepOutcome, SweepPlace } from "../sweep/index.js";
import type { EventsFlags } from "./events-option.js";
import { formatBytes } from "./output.js";
import { terminalProgress } from "./progress.js";
import { readCheckpointInterval, readTimeLimit, type StopFlags } from "./stop-options.js";
import { readJobs, readKernelsName, readRetry, type TaskFlags } from "./sweep-flags.js";
import { localMachine, withSignals } from "./sweep-machine.js";
import { count } from "./sweep-text.js";
import { withTimeLimit } from "./sweep-time-limit.js";

/** Flags of commands that run the tasks of a plan. */
export interface PlanRunFlags extends TaskFlags, StopFlags, EventsFlags {
  readonly jobs?: string;
  readonly keepGoing?: boolean;
}

/** How many tasks at a time: what `--jobs` says, else as many as there are processors for. */
export function jobsOf(flags: PlanRunFlags, threads: number): number {
  if (flags.jobs !== undefined) return readJobs(flags.jobs);
  return Math.max(1, Math.floor(availableParallelism() / threads));
}

/** What the flags say of how the tasks are to be run. UsageError if they make no sense. */
export function sweepOptions(flags: PlanRunFlags, jobs: number, threads: number): SweepOptions {
  if (flags.checkpointEvery !== undefined) readCheckpointInterval(flags.checkpointEvery);
  readTimeLimit(flags.timeLimit);
  return {
    jobs,
    threads,
    kernels: readKernelsName(flags.kernels),
    checkpointEvery: flags.checkpointEvery ?? null,
    retry: readRetry(flags.retry),
    keepGoing: flags.keepGoing === true,
  };
}

/** Run what is not finished of a plan in child processes, with progress; signals and `--time-limit` stop it. */
export async function runPlan(
  plan: Plan,
  { folder }: SweepPlace,
  options: SweepOptions,
  flags: PlanRunFlags,
): Promise<SweepOutcome> {
  const { runSweep, StopRequest } = await import("../sweep/index.js");
  const { withEvents } = await import("./events.js");
  const progress = terminalProgress(flags.quiet === true);
  const memory = options.jobs * plan.tasks.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0);
  if (memory > totalmem()) {
    progress.note(
      `warning: ${count(options.jobs, "task")} at a time may need ${formatBytes(memory)}, and this machine has ` +
        `${formatBytes(totalmem())}; use fewer --jobs.`,
    );
  }
  const stop = new StopRequest();
  const note = (message: string): void => {
    if (flags.quiet !== true) progress.note(message);
  };
  return withTimeLimit(flags, stop, note, () =>
    withEvents(flags, { sweep: folder }, progress, (observed, events) =>
      withSignals(stop, note, () => runSweep(plan, folder, localMachine, options, stop, observed, events)),
    ),
  );
}

/** What a run of a plan did, in words. */
export function describeOutcome(outcome: SweepOutcome): string {
  const parts = [
    `${outcome.done} done`,
    ...(outcome.skipped > 0 ? [`${outcome.skipped} done before`] : []),
    ...(outcome.failed > 0 ? [`${outcome.failed} failed`] : []),
    ...(outcome.interrupted > 0 ? [`${outcome.interrupted} interrupted`] : []),
    ...(outcome.elsewhere > 0 ? [`${outcome.elsewhere} run elsewhere`] : []),
    ...(outcome.waiting > 0 ? [`${outcome.waiting} waiting`] : []),
  ];
  return `${parts.join(", ")}${outcome.exitCode === 0 ? "" : "; the same command goes on with the rest"}`;
}
