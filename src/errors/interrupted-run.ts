import { RbmRgError } from "./rbm-rg-error.js";

/** A run was asked to end early, by a signal or its time limit, and did so without losing anything. */
export class InterruptedRun extends RbmRgError {
  /** @param message which run was stopped, by what and where, and how it goes on */
  constructor(
    message: string,
    /** 130 after Ctrl-C, 143 after SIGTERM, 75 after SIGUSR1 or the time limit. */
    readonly exitCode: number,
  ) {
    super(message);
  }
}
