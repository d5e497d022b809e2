import type { LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import { weightControls } from "../controls/index.js";
import { randomOrder } from "../controls/random-order.js";

/** Weights that a flow is made with in place of the trained ones. */
interface FlowMachine {
  readonly description: string;
  /** `deviation` is that of the weights before training. */
  readonly layers: (
    trained: readonly LayerArrays[],
    shape: readonly number[],
    deviation: number,
    key: SeedKey,
  ) => readonly LayerArrays[];
}

/** The weights as they are and their nulls, by name. A new one is a line here. */
export const flowMachines = {
  trained: { description: "the weights as they are", layers: (trained) => trained },
  untrained: {
    description: weightControls.untrained.description,
    layers: weightControls.untrained.transform,
  },
  "pixel-shuffled": {
    description: weightControls["pixel-shuffled"].description,
    layers: weightControls["pixel-shuffled"].transform,
  },
  "site-permuted": {
    description: "the visible units in another order, the same for all hidden ones",
    layers: ([first, ...others], _shape, _deviation, key) => [permuteVisible(first, key), ...others],
  },
} as const satisfies Readonly<Record<string, FlowMachine>>;

/** What makes the steps of a flow: the trained weights, or a null by its name in the table. */
export type FlowMachineName = keyof typeof flowMachines;

export const flowMachineNames = Object.keys(flowMachines) as readonly FlowMachineName[];

/** As trained on the same data with its sites in another order: nothing but what knows of neighbours changes. */
function permuteVisible(layer: LayerArrays, key: SeedKey): LayerArrays {
  const { visible, hidden } = layer;
  const order = randomOrder(visible, key);
  const weights = new Float32Array(visible * hidden);
  order.forEach((from, to) => {
    weights.set(layer.weights.subarray(from * hidden, (from + 1) * hidden), to * hidden);
  });
  return { ...layer, weights, visibleBias: Float32Array.from(order, (from) => layer.visibleBias[from]) };
}
