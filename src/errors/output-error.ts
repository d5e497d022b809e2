import { RbmRgError } from "./rbm-rg-error.js";

/** A result cannot be written where it was asked for. */
export class OutputError extends RbmRgError {
  readonly exitCode = 73;
}
