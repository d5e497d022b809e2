import { type DataControlName, dataControls } from "../analysis/controls/index.js";
import { type IsingModel, isingModel } from "../ising/model.js";
import type { BitMatrix } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";

/** What a dataset is in place of Ising configurations. */
export interface ControlledData {
  readonly name: DataControlName;
  /** The model whose configurations were changed. */
  readonly source: IsingModel;
}

/**
 * The Ising model that the data of a control come from: independent fair spins are one of coupling 0. Null for data that are
 * of no Ising model on their lattice, so that nothing is known of them exactly.
 */
export function controlledModel({ name, source }: ControlledData): IsingModel | null {
  return name === "infinite-temperature" ? isingModel(source.lattice, 0, 0) : null;
}

/** The configurations of a control, as many as there are rows: a function of these, the lattice and the seed's key. */
export function controlledRows({ name, source }: ControlledData, rows: BitMatrix, key: SeedKey): BitMatrix {
  return dataControls[name].transform(rows, source.lattice.shape, deriveKey(key, "control"));
}
