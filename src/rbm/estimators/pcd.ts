import type { BitMatrix } from "../../kernels/index.js";
import { RandomStream, type SeedKey } from "../../random/index.js";
import { dataPhases } from "./data-phase.js";
import type { EstimatorFactory } from "./estimator.js";
import { LayerBuffers } from "../layer-buffers.js";
import { RowsPhase } from "./rows-phase.js";

/**
 * Persistent contrastive divergence PCD-k (Tieleman 2008): the model phase is a set of chains that advance k Gibbs
 * steps per update, whatever is taken from them, and are never reset. They start from the uniform distribution, and may be
 * more than a batch.
 */
export const pcd: EstimatorFactory = (setup) => {
  const { layer, kernels, arena, batchSize, steps, chains, key: startKey, hamiltonianOf } = setup;
  const data = new LayerBuffers(layer, kernels, arena, batchSize);
  const model = new LayerBuffers(layer, kernels, arena, chains);
  const dataPhase = dataPhases(setup, data);
  const samples = model.visible(chains);
  fillUniformBits(samples, startKey);
  return {
    modelSamples: samples,
    state: { chains: samples.words },
    phases(batch, key, hamiltonians) {
      model.gibbs(samples, steps, key);
      return {
        data: dataPhase(batch, hamiltonians),
        model: new RowsPhase({
          layer,
          kernels,
          rows: () => samples,
          means: () => model.hiddenMeans(samples),
          hamiltonians: () => hamiltonianOf?.(samples) ?? null,
        }),
        logPartition: () => null,
      };
    },
  };
};

/** Every bit 0 or 1 with probability ½. */
export function fillUniformBits(out: BitMatrix, key: SeedKey): void {
  const stream = new RandomStream(key);
  const unused = 32 * out.wordsPerRow - out.columns;
  for (let word = 0; word < out.words.length; word++) {
    const last = (word + 1) % out.wordsPerRow === 0;
    out.words[word] = stream.nextWord() >>> (last ? unused : 0);
  }
}
