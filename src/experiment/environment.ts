import type { Kernels } from "../kernels/index.js";

/** How a long piece of work tells how far it is. Awaited, so that a caller can redraw, hear signals, or throw to stop. */
export interface Progress {
  /** Begin a phase of `total` steps. */
  start(phase: string, total: number): void;
  /** `done` steps of the current phase are finished; `detail` is a short remark such as the epoch. */
  update(done: number, detail?: string): void | Promise<void>;
  /** End the current phase. */
  finish(): void;
  /** Something the user should know: one line. */
  note(message: string): void;
}

/** Everything an experiment needs from the world outside; passed in, so that runs are reproducible and testable. */
export interface Environment {
  readonly kernels: Kernels;
  /** Seconds on a clock that never goes back. */
  readonly seconds: () => number;
  /** The time of day as ISO 8601 text. */
  readonly timestamp: () => string;
  /** The most memory the process has had resident so far, in bytes. */
  readonly peakMemory: () => number;
  readonly progress: Progress;
}

export const silentProgress: Progress = {
  start: () => undefined,
  update: () => undefined,
  finish: () => undefined,
  note: () => undefined,
};
