import { type BitMatrix, getBit, type Kernels, type LayerArrays } from "../kernels/index.js";

/**
 * H_λ(v) of every row at inverse temperature β (1 unless given): −β c·v − Σ_j ln 2cosh(βx_j), softplus for binary units.
 * Nats, length rows; inputs in single precision, sums in double.
 *
 * @param layer its parameters
 * @param visible configurations v, a row each
 * @param kernels do the sums
 * @param inverseTemperatures β of every row, length rows
 */
export function effectiveHamiltonians(
  layer: LayerArrays,
  visible: BitMatrix,
  kernels: Kernels,
  inverseTemperatures?: Float32Array,
): Float64Array {
  const traces = new Float64Array(visible.rows);
  kernels.rbm.hiddenGivenVisible(layer, visible, { logPartitions: [{ inverseTemperatures, out: traces }] });
  return traces.map(
    (trace, row) => -trace - (inverseTemperatures?.[row] ?? 1) * biasSum(layer, visible, row),
  );
}

/** c·v of one row. */
function biasSum({ units, visibleBias }: LayerArrays, visible: BitMatrix, row: number): number {
  const low = units === "spin" ? -1 : 0;
  let sum = 0;
  for (let i = 0; i < visibleBias.length; i++) {
    sum += (getBit(visible, row, i) === 1 ? 1 : low) * visibleBias[i];
  }
  return sum;
}
