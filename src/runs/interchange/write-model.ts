import { writeFileAtomic } from "../../io/index.js";
import type { LayerArrays } from "../../kernels/index.js";
import type { Convention } from "./convention.js";
import { exportedNpz, exportLayer } from "./export-layers.js";

/**
 * Write layers, from the bottom up, to a .npz file in the convention of another program: arrays `weights`, `visible_bias` and
 * `hidden_bias` (of a stack `weights_1`, …), and the numbers that say how to read them. The default convention is this library's: the
 * layers' own units, E = −c·v − b·h − vᵀWh, visible × hidden. Returns for each layer its ln Z less that of what was written, nats,
 * 0 unless units are converted. A file of that name is replaced. OutputError if it cannot be written.
 *
 * @param path the file; no ending is added
 * @param layers at least one; visible units of one are the hidden units of the one below
 * @param convention what is to differ from the default
 */
export function writeModel(
  path: string,
  layers: readonly LayerArrays[],
  { units = layers[0].units, energy = "minus", orientation = "visible-hidden" }: Partial<Convention> = {},
): readonly number[] {
  const convention = { units, energy, orientation };
  const exported = layers.map((layer) => exportLayer(layer, convention));
  writeFileAtomic(path, exportedNpz(exported, convention));
  return exported.map(({ logPartitionShift }) => logPartitionShift);
}
