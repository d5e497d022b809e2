import { RbmRgError } from "./rbm-rg-error.js";

/** The machine refuses something the computation needs: memory, threads, or a processor feature. */
export class ResourceError extends RbmRgError {
  readonly exitCode = 1;
}
