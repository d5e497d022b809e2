import type { LogPartitionTracker } from "../estimate.js";
import { exactTracker } from "./exact.js";
import { sequentialTracker } from "./sequential.js";
import type { TrackerSetup } from "./setup.js";

export { exactTracker } from "./exact.js";
export { sequentialTracker } from "./sequential.js";
export type { TrackerSetup } from "./setup.js";

/** Layers are enumerated where that takes at most about this many multiplications, some 20 milliseconds. */
const MAX_ENUMERATION_WORK = 2 ** 25;

/** Follows ln Z_λ of a layer in training: by enumeration where that is quick, else by `sequentialTracker`. */
export function logPartitionTracker(setup: TrackerSetup): LogPartitionTracker {
  const { visible, hidden } = setup.layer;
  const work = 2 ** Math.min(visible, hidden) * visible * hidden;
  return work <= MAX_ENUMERATION_WORK ? exactTracker(setup.layer, setup.kernels) : sequentialTracker(setup);
}
