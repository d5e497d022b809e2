import { RbmRgError } from "./rbm-rg-error.js";

/** A value lies outside the range in which a formula, algorithm or model is defined. */
export class DomainError extends RbmRgError {
  readonly exitCode = 78;
}
