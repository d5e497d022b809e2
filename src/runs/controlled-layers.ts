import { weightControls } from "../analysis/controls/index.js";
import { DataError } from "../errors/index.js";
import type { Lattice } from "../ising/lattice.js";
import type { LayerArrays } from "../kernels/index.js";
import { deriveKey, seedKey } from "../random/index.js";
import type { ExperimentConfig } from "./config/index.js";
import { readLayers } from "./layer-files.js";

/**
 * The layers of a run that are analysed, from the bottom up: those it has trained so far or, under a control of the weights,
 * what the control makes of them. The files hold the trained ones. DataError where a control needs a lattice and the data
 * have none.
 */
export function readControlledLayers(
  run: string,
  config: ExperimentConfig,
  lattice: Lattice | null,
): readonly LayerArrays[] {
  const { control, training, seed } = config;
  const layers = readLayers(run, training.units);
  if (control === undefined || layers.length === 0) return layers;
  if (lattice === null) {
    throw new DataError(
      `${run} was trained on data without a lattice, which model.control "${control}" needs. Train with data.lattice, or without the control.`,
    );
  }
  const key = deriveKey(seedKey(seed), "control");
  return weightControls[control].transform(layers, lattice.shape, training.initialDeviation, key);
}
