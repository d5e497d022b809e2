import { MissingInputError, UsageError } from "../errors/index.js";
import type { LayerArrays } from "../kernels/index.js";
import type { ExperimentConfig } from "./config/index.js";
import type { Dataset } from "./dataset-folder.js";
import { readControlledLayers } from "./controlled-layers.js";
import { readManifestDataset, requireIntactInputs } from "./run-inputs.js";
import { manifestConfig, readManifest } from "./run-manifest.js";

/** A layer of a run with what it was trained with. */
export interface TrainedLayer {
  readonly parameters: LayerArrays;
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
}

/**
 * One layer of a run, counted from 1 at the bottom, finished or of a run that still trains its upper layers. UsageError for
 * a layer that is not there; MissingInputError or DataError if `run` is not a run with a trained layer, or is not as it was
 * written.
 */
export function readTrainedLayer(run: string, layer: number): TrainedLayer {
  const manifest = readManifest(run);
  const config = manifestConfig(manifest);
  requireIntactInputs(run, manifest, "analysis");
  const dataset = readManifestDataset(run, manifest);
  const layers = readControlledLayers(run, config, dataset?.lattice ?? null);
  if (dataset === null || layers.length === 0) {
    throw new MissingInputError(`${run} has no trained layer yet; there is nothing to analyse.`);
  }
  if (layer > layers.length) {
    throw new UsageError(`--layer ${layer}: ${run} has ${layers.length} layer(s), counted from 1.`);
  }
  return { parameters: layers[layer - 1], config, dataset };
}
