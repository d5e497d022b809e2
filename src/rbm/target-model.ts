import { exactIsingLogPartition } from "../ising/free-energy.js";
import { isingHamiltonians } from "../ising/hamiltonian.js";
import type { IsingModel } from "../ising/model.js";
import type { BitMatrix } from "../kernels/index.js";
import type { LogPartitionEstimate } from "./log-partition/estimate.js";

/**
 * H(v) of every row, nats.
 *
 * @param rows configurations
 */
export type HamiltonianOf = (rows: BitMatrix) => Float64Array;

/** What is known of the distribution P = e^{−H}/Z behind the data, beyond its samples. */
export interface TargetModel {
  /** H(v) of any configurations; null: not known. */
  readonly hamiltonianOf: HamiltonianOf | null;
  /** ln Z = −F, nats; null: not known. */
  readonly logPartition: LogPartitionEstimate | null;
}

/**
 * An Ising model as a target.
 *
 * @param model the Ising model behind the data
 * @param logPartition its ln Z, nats; null: not known. Absent: the exact one, if there is one
 */
export function isingTarget(
  model: IsingModel,
  logPartition: LogPartitionEstimate | null = exactIsingLogPartition(model),
): TargetModel {
  return { hamiltonianOf: (rows) => isingHamiltonians(model, rows), logPartition };
}
