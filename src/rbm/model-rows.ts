import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";
import { automaticAnnealing, ModelEnsemble } from "./log-partition/index.js";
import { isEnumerable } from "./assessment-effort.js";
import { runModelChains } from "./model-chains.js";
import { perfectSamples } from "./perfect-samples.js";

/** Gibbs updates between the configurations of a chain. */
const SPACING = 10;

/**
 * `count` configurations of the visible units of a model: independent ones from its distribution where that can be enumerated
 * quickly, else along Gibbs chains that population annealing has started. A function of (layer, count, key) alone.
 */
export async function modelRows(
  layer: LayerArrays,
  count: number,
  key: SeedKey,
  kernels: Kernels,
  pause: () => void | Promise<void>,
): Promise<BitMatrix> {
  if (isEnumerable(layer)) {
    return perfectSamples(layer, count, deriveKey(key, "gibbsChain", 0), kernels);
  }
  const ensemble = new ModelEnsemble({
    layer,
    data: null,
    target: null,
    options: automaticAnnealing,
    kernels,
    key: deriveKey(key, "logPartition"),
    pause,
  });
  const { visible } = await ensemble.samples;
  const rounds = Math.ceil(count / visible.rows);
  const length = { rounds, spacing: SPACING, thermalization: 0 };
  const chains = deriveKey(key, "gibbsChain", 1);
  const all = await runModelChains(layer, visible, length, chains, kernels, () => pause());
  const rows = bitMatrix(count, layer.visible);
  rows.words.set(rowRange(all, 0, count).words);
  return rows;
}
