import { availableParallelism, totalmem } from "node:os";
import { formatBytes, print, printJson } from "./output.js";
import { terminalProgress } from "./progress.js";
import {
  readJobs,
  readKernelsName,
  readRetry,
  readThreads,
  sweepPlace,
  type TaskFlags,
} from "./sweep-flags.js";
import { localMachine, withSignals } from "./sweep-machine.js";
import { count } from "./sweep-text.js";

interface RunFlags extends TaskFlags {
  readonly jobs?: string;
  readonly threadsPerJob?: string;
  readonly keepGoing?: boolean;
}

/** `rbm-rg sweep run`: every task that is not finished, some at a time, on this machine. */
export async function runRun(file: string, flags: RunFlags): Promise<void> {
  const threads = readThreads("--threads-per-job", flags.threadsPerJob);
  const jobs =
    flags.jobs === undefined
      ? Math.max(1, Math.floor(availableParallelism() / threads))
      : readJobs(flags.jobs);
  const options = {
    jobs,
    threads,
    kernels: readKernelsName(flags.kernels),
    retry: readRetry(flags.retry),
    keepGoing: flags.keepGoing === true,
  };
  const { planSweep, runSweep, StopRequest } = await import("../sweep/index.js");
  const place = await sweepPlace(file, flags);
  const { plan } = await planSweep(place, localMachine, { extend: false });
  const progress = terminalProgress(flags.quiet === true);
  const memory = jobs * plan.tasks.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0);
  if (memory > totalmem()) {
    progress.note(
      `warning: ${count(jobs, "task")} at a time may need ${formatBytes(memory)}, and this machine has ` +
        `${formatBytes(totalmem())}; use fewer --jobs.`,
    );
  }
  const stop = new StopRequest();
  const note = (message: string): void => {
    if (flags.quiet !== true) progress.note(message);
  };
  const outcome = await withSignals(stop, note, () =>
    runSweep(plan, place.folder, localMachine, options, stop, progress),
  );
  const { exitCode, ...counts } = outcome;
  if (flags.json === true) printJson({ sweep: place.folder, tasks: plan.tasks.length, ...counts });
  else if (flags.quiet !== true) {
    const parts = [
      `${outcome.done} done`,
      ...(outcome.skipped > 0 ? [`${outcome.skipped} done before`] : []),
      ...(outcome.failed > 0 ? [`${outcome.failed} failed`] : []),
      ...(outcome.interrupted > 0 ? [`${outcome.interrupted} interrupted`] : []),
      ...(outcome.elsewhere > 0 ? [`${outcome.elsewhere} run elsewhere`] : []),
      ...(outcome.waiting > 0 ? [`${outcome.waiting} waiting`] : []),
    ];
    const again = exitCode === 0 ? "" : "; the same command goes on with the rest";
    print(`${place.folder}: ${count(plan.tasks.length, "task")}, ${parts.join(", ")}${again}`);
  }
  if (exitCode !== 0) process.exitCode = exitCode;
}
