import { RbmRgError } from "./rbm-rg-error.js";

/** Training left the region in which its numbers mean anything (non-finite or exploding weights). */
export class DivergenceError extends RbmRgError {
  readonly exitCode = 1;
}
