import { type BitMatrix, bitMatrix, rowRange, type Kernels, type LayerArrays } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";
import type { LayerResume } from "./layer-state.js";
import { trainLayer, type TrainingData, type TrainingObserver } from "./trainer.js";
import type { TrainingOptions } from "./training-options.js";

/** Rows sampled at a time when a layer's hidden states become the next layer's data. */
const BLOCK_ROWS = 500;

/** Told when a layer is finished, before the next one starts. */
export interface StackObserver extends TrainingObserver {
  /**
   * After every layer, before the next one starts.
   *
   * @param layer its number, counted from 1 at the bottom
   * @param parameters what training has made of it
   */
  onLayer?(layer: number, parameters: LayerArrays): void | Promise<void>;
}

/** How far training of a stack came before. */
export interface StackResume {
  /** Layers that are finished, from the bottom up. They are not trained again, nor is the observer told of them. */
  readonly finished: readonly LayerArrays[];
  /** Where the layer above them stands; null: at its beginning. */
  readonly layer: LayerResume | null;
}

/**
 * Greedy layer-wise training (Hinton, Osindero & Teh 2006): layer l + 1 is trained on hidden states sampled from
 * P(h | v) of layer l, one per configuration. Returns the layers from the bottom up. Training that goes on from an
 * earlier state gives the same bytes.
 *
 * @param data what the first layer is trained on; its exact target and known model, if any, serve that layer alone
 * @param hidden hidden units of each layer, from the bottom up
 * @param options the same for all layers, see `trainingOptions`
 * @param key names the random numbers; each layer has its own
 * @param kernels do the training
 * @param observer told of updates, epochs and finished layers
 * @param resume how far training with the same data, options and key came before; absent: begin
 */
export async function trainStack(
  data: TrainingData,
  hidden: readonly number[],
  options: TrainingOptions,
  key: SeedKey,
  kernels: Kernels,
  observer: StackObserver = {},
  resume: StackResume = { finished: [], layer: null },
): Promise<readonly LayerArrays[]> {
  const { finished } = resume;
  if (finished.length >= hidden.length) return finished;
  const layers: LayerArrays[] = [];
  let input = data;
  for (const [index, size] of hidden.entries()) {
    const layerKey = deriveKey(key, "layer", index + 1);
    let parameters = finished.at(index);
    if (parameters === undefined) {
      const from = index === finished.length ? resume.layer : null;
      parameters = await trainLayer(input, size, options, index + 1, layerKey, kernels, observer, from);
      await observer.onLayer?.(index + 1, parameters);
    }
    layers.push(parameters);
    if (index + 1 < hidden.length) {
      const rows = sampleHiddenLayer(parameters, input.rows, deriveKey(layerKey, "hiddenData"), kernels);
      input = { rows, target: null };
    }
  }
  return layers;
}

/**
 * One sample of h given v for every row of `visible`.
 *
 * @param layer the model
 * @param visible configurations v, a row each
 * @param key names the random numbers
 * @param kernels draw the samples
 */
export function sampleHiddenLayer(
  layer: LayerArrays,
  visible: BitMatrix,
  key: SeedKey,
  kernels: Kernels,
): BitMatrix {
  const out = bitMatrix(visible.rows, layer.hidden);
  for (let first = 0; first < visible.rows; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, visible.rows - first);
    const rows = rowRange(visible, first, count);
    const target = rowRange(out, first, count);
    kernels.rbm.hiddenGivenVisible(layer, rows, {
      sample: { key: deriveKey(key, "hiddenData", first), out: target },
    });
  }
  return out;
}
