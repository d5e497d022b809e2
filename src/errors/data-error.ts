import { RbmRgError } from "./rbm-rg-error.js";

/** Input data were read but are malformed: wrong shape, wrong values, truncated. */
export class DataError extends RbmRgError {
  readonly exitCode = 65;
}
