import type { FlowSubject } from "../../analysis/flow/index.js";
import { DataError } from "../../errors/index.js";
import type { TrainedLayers } from "../../runs/trained-layer.js";

/** The layers of a run as flows need them. DataError if the data do not live on a torus. */
export function flowSubject(run: string, { layers, config, dataset }: TrainedLayers): FlowSubject {
  const { lattice, model } = dataset;
  if (lattice?.kind !== "torus") {
    const found = lattice === null ? "without a lattice" : `on a chain of ${lattice.sites} sites`;
    throw new DataError(`${run} was trained on data ${found}; thermometers need a torus (--lattice WxH).`);
  }
  return {
    layers,
    shape: [lattice.shape[0], lattice.shape[1]],
    initialDeviation: config.training.initialDeviation,
    dataCoupling: model?.coupling ?? null,
  };
}
