import { analyzeFisher } from "../../analysis/fisher/analysis.js";
import type { Kernels, LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import type { Dataset, ExperimentConfig } from "../../runs/index.js";
import type { LayerFisher } from "./fisher-tables.js";

/** A layer of a run. */
export interface FisherSubject {
  /** The run's name in tables and titles. */
  readonly run: string;
  /** Counted from 1 at the bottom. */
  readonly layer: number;
  readonly parameters: LayerArrays;
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
}

/** How it is measured. */
export interface FisherCounts {
  readonly samples: number;
  readonly steps: number;
  readonly directions: number;
}

/** The Fisher matrices of one layer; chains start from the data where the layer is the one that saw them. */
export async function measureFisher(
  { run, layer, parameters, config, dataset }: FisherSubject,
  counts: FisherCounts,
  key: SeedKey,
  kernels: Kernels,
): Promise<LayerFisher> {
  const bottom = layer === 1;
  const { bias, epochs } = config.training;
  const coupling = dataset.model?.coupling;
  return {
    run,
    layer,
    visible: parameters.visible,
    hidden: parameters.hidden,
    epochs,
    temperature: coupling === undefined ? null : 1 / coupling,
    shape: bottom ? (dataset.lattice?.shape ?? null) : null,
    spectra: await analyzeFisher(
      parameters,
      { ...counts, bias, start: bottom ? dataset.rows : null, key },
      kernels,
    ),
  };
}
