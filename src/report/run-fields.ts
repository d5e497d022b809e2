import { DataError, UsageError } from "../errors/index.js";
import type { Kernels } from "../kernels/index.js";
import {
  manifestConfig,
  readControlledLayers,
  readManifest,
  readManifestDataset,
  requireIntactInputs,
} from "../runs/index.js";
import { type LayerFields, measureLayers } from "./layer-fields.js";

/**
 * The fields of the layers a run has finished so far, of layer `only` alone if it is given. DataError where there are none or
 * the data have no lattice, or the run is not as it was written, UsageError for a layer that is not there.
 */
export function readRunFields(run: string, only: number | null, kernels: Kernels): readonly LayerFields[] {
  const manifest = readManifest(run);
  requireIntactInputs(run, manifest, "analysis");
  const none = `${run} has no finished layer yet; there are no fields to measure. Try again later.`;
  const dataset = readManifestDataset(run, manifest);
  if (dataset === null) throw new DataError(none);
  const { rows, lattice } = dataset;
  if (lattice === null) {
    throw new DataError(
      `${run} has data without a lattice, on which fields have neither place nor size. Give --lattice, for example --lattice 28x28, when it is trained or imported; receptive_fields.csv has what can be measured without.`,
    );
  }
  const layers = readControlledLayers(run, manifestConfig(manifest), lattice);
  if (layers.length === 0) throw new DataError(none);
  if (only !== null && !(only <= layers.length)) {
    throw new UsageError(`--layer ${only}: ${run} has ${layers.length} layer(s), counted from 1.`);
  }
  const measured = measureLayers(layers, rows, lattice.shape, kernels);
  return only === null ? measured : measured.filter(({ layer }) => layer === only);
}
