import { InterruptedRun } from "../errors/index.js";
import type { Kernels } from "../kernels/index.js";
import type { EventSink } from "../runs/events.js";
import type { Provenance } from "../runs/provenance.js";

/** How a long piece of work tells how far it is. Awaited, so that a caller can redraw, hear signals, or throw to stop. */
export interface Progress {
  /**
   * Begin a phase of `total` steps, of which `done` (default: none) were done before.
   *
   * @param phase what is done, such as `training layer 1 of 2`
   * @param total steps of the phase
   * @param done those done before
   */
  start(phase: string, total: number, done?: number): void;
  /**
   * `done` steps of the current phase are finished; `detail` is a short remark such as the epoch.
   *
   * @param done steps of the phase that are done
   * @param detail what to show beside them
   */
  update(done: number, detail?: string): void | Promise<void>;
  /** End the current phase. */
  finish(): void;
  /**
   * Something the user should know: one line.
   *
   * @param message the line
   */
  note(message: string): void;
}

/** Why a run is to end early. */
export interface StopReason {
  /** As a message names it: `SIGTERM`, `its time limit`. */
  readonly cause: string;
  /** The exit code of the process: 130 after SIGINT, 143 after SIGTERM, 75 after SIGUSR1 or the time limit. */
  readonly exitCode: number;
}

/** How often a checkpoint is written: after so many epochs, or when so many seconds have passed. */
export type CheckpointInterval = { readonly epochs: number } | { readonly seconds: number };

/** Everything an experiment needs from the world outside; passed in, so that runs are reproducible and testable. */
export interface Environment {
  /** The hot loops. */
  readonly kernels: Kernels;
  /** Seconds on a clock that never goes back. */
  readonly seconds: () => number;
  /** The time of day as ISO 8601 text. */
  readonly timestamp: () => string;
  /** The most memory the process has had resident so far, in bytes. */
  readonly peakMemory: () => number;
  /** Is told how far the work is. */
  readonly progress: Progress;
  /** Whether the run is to end at the next place where nothing is lost; null: go on. */
  readonly stopRequested: () => StopReason | null;
  /** How often training is saved, to go on from. */
  readonly checkpointEvery: CheckpointInterval;
  /** Where the results come from; manifests say nothing of that without it. */
  readonly provenance?: () => Provenance;
  /** Is told what happens, if anybody wants to know. */
  readonly events?: EventSink;
}

/** The environment of an experiment that has locked its folder. */
export interface LockedEnvironment extends Environment {
  /** To be called before anything is written: throws if the folder has been deleted, moved or replaced meanwhile. */
  readonly requireLock: () => void;
}

/** Progress that nobody is told of. */
export const silentProgress: Progress = {
  start: () => undefined,
  update: () => undefined,
  finish: () => undefined,
  note: () => undefined,
};

/** Throw an InterruptedRun if the environment asks for the end of `run`; `where` says how far it is. */
export function requireGoingOn(environment: Environment, run: string, where: string): void {
  const reason = environment.stopRequested();
  if (reason !== null) throw interruption(reason, run, where);
}

/** The error that ends a run early. */
export function interruption({ cause, exitCode }: StopReason, run: string, where: string): InterruptedRun {
  return new InterruptedRun(
    `${run} was stopped by ${cause} ${where}. Give the same command again to go on.`,
    exitCode,
  );
}
