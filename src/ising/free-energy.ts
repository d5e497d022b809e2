import type { Kernels } from "../kernels/index.js";
import type { SeedKey } from "../random/index.js";
import { exactReferenceTable, exactTorus } from "./exact/index.js";
import type { IsingModel } from "./model.js";
import {
  defaultIntegration,
  integrateLogPartition,
  type IntegrationOptions,
  type IntegrationProgress,
} from "./thermodynamic-integration.js";

/** ln Z = −F of an Ising model and where it comes from. */
export interface IsingLogPartition {
  /** ln Z, nats, extensive. */
  readonly value: number;
  /** One standard deviation; 0 where the value is exact. */
  readonly error: number;
  /** Why value and error are not to be trusted, in words; null where nothing speaks against them. */
  readonly doubt: string | null;
  /** What gave it, in words, such as `closed form (Kaufman)` or `thermodynamic integration`. */
  readonly method: string;
}

/**
 * ln Z where a closed form, enumeration or the transfer matrix reaches it (see `exactReferenceTable`); null for a torus in a
 * field that is too large for the transfer matrix.
 */
export function exactIsingLogPartition(model: IsingModel): IsingLogPartition | null {
  const { lattice, coupling, field } = model;
  const exact = { error: 0, doubt: null };
  if (lattice.kind === "torus" && field === 0) {
    const [width, height] = lattice.shape as readonly [number, number];
    return {
      value: exactTorus(width, height, coupling).logPartition,
      method: "closed form (Kaufman)",
      ...exact,
    };
  }
  const row = exactReferenceTable(model).find(({ quantity }) => quantity === "logPartition");
  return row === undefined ? null : { value: row.value, method: row.method, ...exact };
}

/**
 * ln Z of the model: exact where `exactIsingLogPartition` knows it, else by thermodynamic integration from K = 0 with an
 * error bar.
 *
 * @param model K, B and the lattice
 * @param key names the random numbers of the integration; not used where the value is exact
 * @param kernels sample the nodes of the integration
 * @param options work of the integration; by default 8192 configurations from 128 chains a node, at most 64 intervals
 * @param onProgress awaited after each node of the integration
 */
export async function isingLogPartition(
  model: IsingModel,
  key: SeedKey,
  kernels: Kernels,
  options: IntegrationOptions = defaultIntegration,
  onProgress?: IntegrationProgress,
): Promise<IsingLogPartition> {
  const exact = exactIsingLogPartition(model);
  if (exact !== null) return exact;
  const { value, error, doubt } = await integrateLogPartition(model, options, key, kernels, onProgress);
  return { value, error, doubt, method: "thermodynamic integration" };
}
