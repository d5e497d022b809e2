import type { Kernels, LayerArrays } from "../../../kernels/index.js";
import { perfectSamples } from "../../perfect-samples.js";
import type { LogPartitionEstimate, LogPartitionTracker } from "../estimate.js";
import { exactLogPartition } from "../exact.js";
import { SAMPLES } from "./setup.js";

/** ln Z_λ by enumeration of the smaller layer whenever it is asked for, once between changes of the parameters. */
export function exactTracker(layer: LayerArrays, kernels: Kernels): LogPartitionTracker {
  let known: LogPartitionEstimate | null = null;
  const forget = (): void => {
    known = null;
  };
  return {
    get estimate() {
      return (known ??= { value: exactLogPartition(layer, kernels), error: 0, doubt: null });
    },
    advance: forget,
    anchor: forget,
    samples: (key) => ({
      visible: perfectSamples(layer, SAMPLES, key, kernels),
      families: Uint32Array.from({ length: SAMPLES }, (_, row) => row),
    }),
    state: {},
  };
}
