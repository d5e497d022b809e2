import { exactIsingLogPartition } from "../ising/free-energy.js";
import { isingHamiltonians } from "../ising/hamiltonian.js";
import type { IsingModel } from "../ising/model.js";
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

/** An Ising model as a target. Its ln Z is the exact one, if there is one, unless the caller gives it; null: not known. */
export function isingTarget(
  model: IsingModel,
  logPartition: LogPartitionEstimate | null = exactIsingLogPartition(model),
): TargetModel {
  return { hamiltonianOf: (rows) => isingHamiltonians(model, rows), logPartition };
}
