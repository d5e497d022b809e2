import { InterruptedRun, RbmRgError } from "../errors/index.js";
import { messageOf } from "../io/system-error.js";
import type { EventSink } from "../runs/events.js";
import type { Environment, Progress } from "./environment.js";

/** Seconds between two events of progress. */
const INTERVAL = 1;

/** The exit code of what is not an error of ours. */
const FAILURE_EXIT = 1;

/** What progress and notes belong to: a folder. */
export type EventPlace = { readonly run: string } | { readonly sweep: string };

/**
 * The same progress, which is told to `events` too: the beginning and the end of every step, what lies between about once
 * a second, and all notes.
 */
export function observedProgress(
  progress: Progress,
  events: EventSink,
  seconds: () => number,
  place: EventPlace,
): Progress {
  let [step, total, last, told] = ["", 0, 0, 0];
  const tell = (done: number, detail: string): void => {
    [last, told] = [seconds(), done];
    events({ event: "progress", ...place, step, detail, done, total });
  };
  return {
    start(phase, steps, done = 0) {
      progress.start(phase, steps, done);
      [step, total] = [phase, steps];
      tell(done, "");
    },
    update(done, detail = "") {
      if ((done >= total && told < total) || seconds() - last >= INTERVAL) tell(done, detail);
      return progress.update(done, detail);
    },
    finish() {
      progress.finish();
    },
    note(message) {
      progress.note(message);
      events({ event: "note", ...place, message });
    },
  };
}

/**
 * Do the work on a run or dataset folder, and tell the environment's events how it goes and what becomes of it. `work` is
 * given the environment to work in; it tells of its beginning itself, once it knows that it can begin.
 */
export async function observeRun<T>(
  run: string,
  environment: Environment,
  work: (observed: Environment) => Promise<T>,
  outcomeOf: (result: T) => "finished" | "already-finished",
): Promise<T> {
  const { events, seconds } = environment;
  if (events === undefined) return work(environment);
  const start = seconds();
  const progress = observedProgress(environment.progress, events, seconds, { run });
  try {
    const result = await work({ ...environment, progress });
    const duration = Number((seconds() - start).toFixed(3));
    events({ event: "run-finished", run, outcome: outcomeOf(result), seconds: duration });
    return result;
  } catch (error) {
    events({ event: endOf(error), run, exit_code: exitCodeOf(error), message: messageOf(error) });
    throw error;
  }
}

function endOf(error: unknown): "run-interrupted" | "run-failed" {
  return error instanceof InterruptedRun ? "run-interrupted" : "run-failed";
}

function exitCodeOf(error: unknown): number {
  return error instanceof RbmRgError ? error.exitCode : FAILURE_EXIT;
}
