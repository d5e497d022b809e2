import { DataError } from "../errors/index.js";
import type { Kernels } from "../kernels/index.js";
import { readTrainedLayers, requireLayer } from "../runs/trained-layer.js";
import { type LayerFields, measureLayers } from "./layer-fields.js";

/**
 * The fields of the layers a run has finished so far, of layer `only` alone if it is given. DataError if the data have no
 * lattice, UsageError for a layer that is not there; else as `readTrainedLayers`.
 */
export function readRunFields(run: string, only: number | null, kernels: Kernels): readonly LayerFields[] {
  const { layers, dataset } = readTrainedLayers(run);
  const { rows, lattice } = dataset;
  if (lattice === null) {
    throw new DataError(
      `${run} has data without a lattice, on which fields have neither place nor size. Give --lattice, for example --lattice 28x28, when it is trained or imported; receptive_fields.csv has what can be measured without.`,
    );
  }
  if (only !== null) requireLayer(run, only, layers.length);
  const measured = measureLayers(layers, rows, lattice.shape, kernels);
  return only === null ? measured : measured.filter(({ layer }) => layer === only);
}
