import { resolve } from "node:path";
import type { FlowSubject } from "../../analysis/flow/index.js";
import { DataError, MissingInputError } from "../../errors/index.js";
import {
  manifestConfig,
  readControlledLayers,
  readDataset,
  readManifest,
  requireIntactInputs,
} from "../../runs/index.js";

/**
 * The layers of a run that are finished, as flows need them. DataError if the data do not live on a torus, MissingInputError
 * where no layer is trained yet.
 */
export function readFlowSubject(run: string): FlowSubject {
  const manifest = readManifest(run);
  requireIntactInputs(run, manifest, "analysis");
  const config = manifestConfig(manifest);
  const none = new MissingInputError(`${run} has no trained layer yet; there is no flow.`);
  if (manifest.dataset === null) throw none;
  const { lattice, model } = readDataset(resolve(run, manifest.dataset.path), manifest.dataset.lattice);
  if (lattice?.kind !== "torus") {
    const found = lattice === null ? "without a lattice" : `on a chain of ${lattice.sites} sites`;
    throw new DataError(`${run} was trained on data ${found}; thermometers need a torus (--lattice WxH).`);
  }
  const layers = readControlledLayers(run, config, lattice);
  if (layers.length === 0) throw none;
  return {
    layers,
    shape: [lattice.shape[0], lattice.shape[1]],
    initialDeviation: config.training.initialDeviation,
    dataCoupling: model?.coupling ?? null,
  };
}
