import type { BitMatrix } from "../../kernels/index.js";
import type { LayerBuffers } from "../layer-buffers.js";
import type { EstimatorSetup, Phase } from "./estimator.js";
import { RowsPhase } from "./rows-phase.js";
import { StateTables } from "./state-tables.js";

/** Makes the data phase of one batch after another; `means` gives ⟨h⟩ of the rows if they are at hand. */
export type DataPhases = (batch: BitMatrix, hamiltonians?: Float64Array, means?: () => Float32Array) => Phase;

/** Averages over P: over the enumerated target distribution if there is one, else over the batch. */
export function dataPhases(setup: EstimatorSetup, buffers: LayerBuffers): DataPhases {
  const { layer, kernels, target } = setup;
  if (target === null) {
    return (batch, hamiltonians, means = () => buffers.hiddenMeans(batch)) =>
      new RowsPhase({
        layer,
        kernels,
        rows: () => batch,
        means,
        hamiltonians: () => hamiltonians ?? null,
      });
  }
  const tables = new StateTables(setup, ["data"]);
  return () => {
    tables.refresh();
    return tables.phase("data");
  };
}
