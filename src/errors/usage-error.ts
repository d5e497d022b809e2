import { RbmRgError } from "./rbm-rg-error.js";

/** The command line contradicts itself or asks for something that does not exist. */
export class UsageError extends RbmRgError {
  readonly exitCode = 64;
}
