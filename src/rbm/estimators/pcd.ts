import type { BitMatrix } from "../../kernels/index.js";
import { RandomStream, type SeedKey } from "../../random/index.js";
import { addDataPhase } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";

/**
 * Persistent contrastive divergence PCD-k (Tieleman 2008): the model phase is a set of chains that advance k Gibbs
 * steps per update and are never reset. They start from the uniform distribution, and may be more than a batch.
 */
export const pcd: EstimatorFactory = ({
  layer,
  kernels,
  arena,
  batchSize,
  steps,
  chains,
  key: startKey,
  target,
}) => {
  const data = new LayerBuffers(layer, kernels, arena, batchSize);
  const model = new LayerBuffers(layer, kernels, arena, chains);
  const samples = model.visible(chains);
  fillUniformBits(samples, startKey);
  return {
    modelSamples: samples,
    state: { chains: samples.words },
    phases(batch, key) {
      return {
        addData: (weight, direction) => {
          addDataPhase(layer, kernels, data, target, batch, weight, direction);
        },
        addModel: (weight, direction) => {
          model.addStatistics(model.gibbs(samples, steps, key), weight, direction);
        },
      };
    },
  };
};

/** Every bit 0 or 1 with probability ½. */
function fillUniformBits(out: BitMatrix, key: SeedKey): void {
  const stream = new RandomStream(key);
  const unused = 32 * out.wordsPerRow - out.columns;
  for (let word = 0; word < out.words.length; word++) {
    const last = (word + 1) % out.wordsPerRow === 0;
    out.words[word] = stream.nextWord() >>> (last ? unused : 0);
  }
}
