import type { IsingModel } from "../ising/model.js";
import { isingHamiltonians } from "../ising/hamiltonian.js";
import type { BitMatrix } from "../kernels/index.js";
import type { LogPartitionEstimate } from "./log-partition/estimate.js";

/** H(v) of every row, nats. */
export type HamiltonianOf = (rows: BitMatrix) => Float64Array;

/** What is known of the distribution P = e^{−H}/Z behind the data, beyond its samples. */
export interface TargetModel {
  readonly hamiltonianOf: HamiltonianOf | null;
  /** ln Z = −F. */
  readonly logPartition: LogPartitionEstimate | null;
}

/** An Ising model as a target; its ln Z as far as the caller knows it. */
export function isingTarget(model: IsingModel, logPartition: LogPartitionEstimate | null): TargetModel {
  return { hamiltonianOf: (rows) => isingHamiltonians(model, rows), logPartition };
}
