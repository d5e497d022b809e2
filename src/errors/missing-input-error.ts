import { RbmRgError } from "./rbm-rg-error.js";

/** An input file or folder does not exist or cannot be read. */
export class MissingInputError extends RbmRgError {
  readonly exitCode = 66;
}
