import { addGram, matrixRows } from "../../statistics/matrix-product.js";
import type { SymmetricEigen } from "../../statistics/symmetric-eigen.js";

/** Takes the lower triangle (with the diagonal) of a symmetric N × N matrix; the array is reused. */
export type ProjectorVisitor = (lower: Float64Array, rung: number) => void;

/**
 * Visit Σ_{μ ≤ k} weight_μ u_μ u_μᵀ at every rung k of a ladder: the projectors P_k for weights 1, the covariances
 * P_k C P_k for weights λ_μ ≥ 0. Cost N³ operations in all.
 */
export function forEachProjector(
  { size, vectors }: SymmetricEigen,
  weights: ArrayLike<number>,
  ladder: Uint32Array,
  visit: ProjectorVisitor,
): void {
  // Column μ is √weight_μ u_μ, so that a band of columns times its transpose is the sum over these modes.
  const columns = new Float64Array(size * size);
  for (let mode = 0; mode < size; mode++) {
    const root = Math.sqrt(Math.max(0, weights[mode]));
    for (let i = 0; i < size; i++) columns[i * size + mode] = root * vectors[mode * size + i];
  }
  const sum = new Float64Array(size * size);
  let first = 0;
  ladder.forEach((modes, rung) => {
    addGram({ ...matrixRows(columns, size), offset: first }, modes - first, matrixRows(sum, size));
    first = modes;
    visit(sum, rung);
  });
}
