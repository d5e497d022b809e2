import { type Environment, silentProgress } from "../../src/experiment/environment.js";
import { referenceKernels } from "../../src/kernels/index.js";

/** The reference kernels, in a world where no time passes. */
export const stillEnvironment: Environment = {
  kernels: referenceKernels,
  seconds: () => 0,
  peakMemory: () => 0,
  timestamp: () => "2026-01-01T00:00:00Z",
  progress: silentProgress,
  stopRequested: () => null,
  checkpointEvery: { epochs: 1 },
};
