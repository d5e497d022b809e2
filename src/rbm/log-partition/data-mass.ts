import {
  type BitMatrix,
  bitMatrix,
  gatherRows,
  type Kernels,
  type LayerArrays,
} from "../../kernels/index.js";
import { logSumExp } from "../../statistics/index.js";
import { effectiveHamiltonians } from "../effective-hamiltonian.js";
import type { LogPartitionEstimate } from "./estimate.js";

/** Standard deviations by which ln Z_λ must fall short of the mass of the data before it is an alarm. */
const ALARM = 3;
/** What single precision may make of H_λ, nats. */
const ROUNDING = 1e-3;

/** Each configuration once, in the order of its first occurrence. */
export function distinctRows(rows: BitMatrix): BitMatrix {
  const first = new Map<string, number>();
  for (let row = 0; row < rows.rows; row++) {
    const words = rows.words.subarray(row * rows.wordsPerRow, (row + 1) * rows.wordsPerRow);
    const name = words.join();
    if (!first.has(name)) first.set(name, row);
  }
  const out = bitMatrix(first.size, rows.columns);
  gatherRows(rows, Uint32Array.from(first.values()), 0, out);
  return out;
}

/** ln Σ e^{−H_λ(v)} over distinct configurations: ln Z_λ cannot be less, as they would carry more than probability 1. */
export function logMass(layer: LayerArrays, distinct: BitMatrix, kernels: Kernels): number {
  return logSumExp(effectiveHamiltonians(layer, distinct, kernels).map((h) => -h));
}

/** The alarm: whether distinct configurations of this mass would carry more than probability 1, beyond the error. */
export function impossibleMass(
  { value, error }: Pick<LogPartitionEstimate, "value" | "error">,
  mass: number,
): string | null {
  const missing = mass - value;
  if (!(missing > ALARM * error + ROUNDING)) return null;
  return (
    `impossible: the distinct data configurations alone would carry probability e^${missing.toFixed(2)} > 1, ` +
    `so ln Z is at least ${mass.toFixed(2)}`
  );
}
