import type { Environment } from "../experiment/environment.js";
import { referenceKernels } from "../kernels/index.js";
import { terminalProgress } from "./progress.js";

/** The real world: this machine's clocks and terminal. */
export function realEnvironment(flags: { readonly quiet?: boolean }): Environment {
  return {
    kernels: referenceKernels,
    seconds: () => performance.now() / 1000,
    timestamp: () => new Date().toISOString(),
    progress: terminalProgress(flags.quiet ?? false),
  };
}
