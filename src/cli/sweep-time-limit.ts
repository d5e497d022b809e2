import type { StopRequest } from "../sweep/index.js";
import { readTimeLimit, type StopFlags } from "./stop-options.js";

/** Milliseconds in a second, and the longest wait that a timer takes. */
const SECOND = 1000;
const LONGEST_WAIT = 2 ** 31 - 1;

/** Do work on a sweep that is asked to stop once `--time-limit` has passed; `note` tells the user. */
export async function withTimeLimit<T>(
  flags: StopFlags,
  stop: StopRequest,
  note: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const limit = readTimeLimit(flags.timeLimit);
  if (limit === null) return work();
  const timer = setTimeout(
    () => {
      note("the time limit is reached: stopping; tasks that run save what they have.");
      stop.request("SIGUSR1");
    },
    Math.min(LONGEST_WAIT, SECOND * limit),
  );
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
