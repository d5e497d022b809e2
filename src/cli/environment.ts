import { UsageError } from "../errors/index.js";
import type { Environment } from "../experiment/environment.js";
import { peakMemory, seconds, timestamp } from "../io/this-process.js";
import { kernelChoices, type Kernels, openKernels } from "../kernels/index.js";
import type { Provenance } from "../runs/provenance.js";
import { openEvents } from "./events.js";
import type { EventsFlags } from "./events-option.js";
import { terminalProgress } from "./progress.js";
import { gatherProvenance } from "./provenance.js";
import { readCheckpointInterval, readTimeLimit, type StopFlags } from "./stop-options.js";
import { listenForStop } from "./stop-signal.js";

/** Flags that choose how a computation is done; they change its time, not its meaning. */
export interface MachineFlags {
  readonly kernels?: string;
  readonly threads?: string;
  readonly quiet?: boolean;
}

/** Most threads that may be asked for. */
const MAX_THREADS = 64;

/**
 * Do something in the real world: this machine's processors, clocks and terminal, and where `--events` points. Its threads
 * end with it. Signals end the process at once.
 */
export async function withEnvironment<T>(
  flags: MachineFlags & EventsFlags & { readonly config?: string },
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const progress = terminalProgress(flags.quiet ?? false);
  const events = openEvents(flags, (message) => {
    progress.note(message);
  });
  const kernels = flaggedKernels(flags);
  try {
    return await work({
      kernels,
      seconds,
      timestamp,
      peakMemory,
      progress,
      stopRequested: () => null,
      checkpointEvery: readCheckpointInterval(),
      provenance: once(() => gatherProvenance(kernels, flags.config)),
      ...(events === null ? {} : { events: events.sink }),
    });
  } finally {
    progress.finish();
    kernels.close();
    await events?.close();
  }
}

/** What does not change while the process lives is asked for when it is first wanted. */
function once(gather: () => Provenance): () => Provenance {
  let found: Provenance | null = null;
  return () => (found ??= gather());
}

/** The same for work that can stop and go on: signals and `--time-limit` are requests, which the work is to look for. */
export async function withStoppableEnvironment<T>(
  flags: MachineFlags & EventsFlags & StopFlags & { readonly config?: string },
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const limit = readTimeLimit(flags.timeLimit);
  const checkpointEvery = readCheckpointInterval(flags.checkpointEvery);
  return withEnvironment(flags, async (environment) => {
    const { progress, events } = environment;
    const stop = listenForStop(process, seconds, limit, (message) => {
      progress.note(message);
      events?.({ event: "note", message });
    });
    try {
      return await work({ ...environment, stopRequested: stop.requested, checkpointEvery });
    } finally {
      stop.close();
    }
  });
}

/** The kernels that `--kernels` and `--threads` ask for; the caller closes them. UsageError if they ask for nonsense. */
export function flaggedKernels({ kernels, threads }: MachineFlags): Kernels {
  return openKernels(readKernels(kernels), readThreads(threads));
}

function readKernels(text = "auto"): (typeof kernelChoices)[number] {
  const choice = kernelChoices.find((known) => known === text);
  if (choice === undefined) {
    throw new UsageError(`--kernels ${text}: expected one of ${kernelChoices.join(", ")}.`);
  }
  return choice;
}

function readThreads(text = "auto"): number | "auto" {
  if (text === "auto") return text;
  const threads = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new UsageError(`--threads ${text}: expected auto or a whole number from 1 to ${MAX_THREADS}.`);
  }
  return threads;
}
