import { MissingInputError, UsageError } from "../errors/index.js";
import type { LayerArrays } from "../kernels/index.js";
import type { ExperimentConfig } from "./config/index.js";
import { readControlledLayers } from "./controlled-layers.js";
import type { Dataset } from "./dataset-folder.js";
import { readRunDataset, requireIntactInputs } from "./run-inputs.js";
import { manifestConfig, readManifest } from "./run-manifest.js";

/** The layers of a run, from the bottom up, with what they were trained with. */
export interface TrainedLayers {
  /** What is analysed: the trained ones, or what the control of the configuration makes of them. */
  readonly layers: readonly LayerArrays[];
  /** The configuration of the run. */
  readonly config: ExperimentConfig;
  /** The data of the first layer. */
  readonly dataset: Dataset;
}

/** A layer of a run with what it was trained with. */
export interface TrainedLayer extends Omit<TrainedLayers, "layers"> {
  readonly parameters: LayerArrays;
}

/**
 * The layers of the run in the folder `run`, finished or still training its upper layers. MissingInputError or
 * DataError if it is not a run with a trained layer, or it or its data are not as they were written.
 */
export function readTrainedLayers(run: string): TrainedLayers {
  const manifest = readManifest(run);
  const config = manifestConfig(manifest);
  requireIntactInputs(run, manifest, "analysis");
  const dataset = readRunDataset(run, manifest)?.dataset ?? null;
  const layers = readControlledLayers(run, config, dataset?.lattice ?? null);
  if (dataset === null || layers.length === 0) {
    throw new MissingInputError(`${run} has no trained layer yet; there is nothing to analyse.`);
  }
  return { layers, config, dataset };
}

/** One of them, counted from 1 at the bottom. UsageError for a layer that is not there. */
export function readTrainedLayer(run: string, layer: number): TrainedLayer {
  const { layers, ...rest } = readTrainedLayers(run);
  requireLayer(run, layer, layers.length);
  return { parameters: layers[layer - 1], ...rest };
}

/** UsageError unless a run of so many layers has the layer that `--layer` asks for. */
export function requireLayer(run: string, layer: number, count: number): void {
  if (layer <= count) return;
  throw new UsageError(`--layer ${layer}: ${run} has ${count} layer(s), counted from 1.`);
}
