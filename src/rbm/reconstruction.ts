import {
  type BitMatrix,
  bitMatrix,
  rowRange,
  getBit,
  type Kernels,
  type LayerArrays,
} from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";

/** Rows taken at a time. */
const BLOCK_ROWS = 200;

/**
 * One-step reconstruction error: the mean over rows and sites of (v − ⟨v | h⟩)², h sampled from v. In the model's own
 * units: 1 for a spin model that knows nothing, ¼ for a binary one.
 */
export function reconstructionError(
  layer: LayerArrays,
  rows: BitMatrix,
  key: SeedKey,
  kernels: Kernels,
): number {
  const arena = kernels.arena();
  const blockRows = Math.min(BLOCK_ROWS, rows.rows);
  const hidden = bitMatrix(blockRows, layer.hidden, (length) => arena.words(length));
  const means = arena.float32(blockRows * layer.visible);
  let total = 0;
  for (let first = 0; first < rows.rows; first += blockRows) {
    const count = Math.min(blockRows, rows.rows - first);
    const block = rowRange(rows, first, count);
    const out = rowRange(hidden, 0, count);
    kernels.rbm.hiddenGivenVisible(layer, block, {
      sample: { key: deriveKey(key, "analysis", first), out },
    });
    const blockMeans = means.subarray(0, count * layer.visible);
    kernels.rbm.visibleGivenHidden(layer, out, { means: blockMeans });
    total += squaredDistance(layer, block, blockMeans);
  }
  arena.release();
  return total / (rows.rows * rows.columns);
}

/** Σ (v − mean)² over all rows and sites. */
function squaredDistance(layer: LayerArrays, rows: BitMatrix, means: Float32Array): number {
  const low = layer.units === "spin" ? -1 : 0;
  let total = 0;
  for (let row = 0; row < rows.rows; row++) {
    for (let i = 0; i < rows.columns; i++) {
      const difference = (getBit(rows, row, i) === 1 ? 1 : low) - means[row * rows.columns + i];
      total += difference * difference;
    }
  }
  return total;
}
