import { peakMemory, seconds, timestamp } from "../io/this-process.js";
import { openKernels } from "../kernels/index.js";
import { type Environment, silentProgress } from "./environment.js";

/**
 * An environment for experiments within a program: the clocks of this process, the fastest kernels with all threads, no progress
 * shown, never stopped, a checkpoint every five minutes; `changes` replace any of these. The caller closes its kernels.
 */
export function makeEnvironment(changes: Partial<Environment> = {}): Environment {
  return {
    kernels: changes.kernels ?? openKernels(),
    seconds,
    timestamp,
    peakMemory,
    progress: silentProgress,
    stopRequested: () => null,
    checkpointEvery: { seconds: 300 },
    ...changes,
  };
}
