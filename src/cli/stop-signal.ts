import type { StopReason } from "../experiment/environment.js";

/** Signals that ask for an orderly end, and the exit codes that say so. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 75 } as const;

type StopSignal = keyof typeof EXIT_CODES;

const TIME_LIMIT_EXIT = 75;

/** npx passes a Ctrl-C on that this process has had already; so soon after the first, in seconds, it is the same one. */
const SAME_KEY = 0.5;

/** What the process offers, to be replaced in tests. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
  exit(code: number): unknown;
}

/** Listens for requests to end early. */
export interface StopListener {
  /** The first request so far. */
  readonly requested: () => StopReason | null;
  /** Listen no longer: signals end the process again. */
  readonly close: () => void;
}

/**
 * Take SIGINT, SIGTERM, SIGUSR1, and the clock's passing of `limit` seconds, as requests to end at the next place where
 * nothing is lost. Ctrl-C after that ends the process at once, with exit code 130.
 */
export function listenForStop(
  source: SignalSource,
  seconds: () => number,
  limit: number | null,
  note: (message: string) => void,
): StopListener {
  let reason: StopReason | null = null;
  let since = 0;
  const hear = (signal: StopSignal): void => {
    if (reason === null) {
      reason = { cause: signal, exitCode: EXIT_CODES[signal] };
      since = seconds();
      note(
        `${signal}: stopping where nothing is lost${signal === "SIGINT" ? "; Ctrl-C again ends at once" : ""}.`,
      );
    } else if (signal === "SIGINT" && seconds() - since >= SAME_KEY) {
      source.exit(EXIT_CODES.SIGINT);
    }
  };
  const listeners = (Object.keys(EXIT_CODES) as StopSignal[]).map((signal) => {
    const listener = (): void => {
      hear(signal);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    requested() {
      if (reason === null && limit !== null && seconds() >= limit) {
        reason = { cause: "its time limit", exitCode: TIME_LIMIT_EXIT };
        since = seconds();
      }
      return reason;
    },
    close() {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}
