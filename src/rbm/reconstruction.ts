import { type BitMatrix, rowRange, getBit, type LayerArrays } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";
import type { LayerBuffers } from "./layer-buffers.js";

/**
 * One-step reconstruction error: the mean over rows and sites of (v − ⟨v | h⟩)², h sampled from v. In the model's own
 * units: 1 for a spin model that knows nothing, ¼ for a binary one. `rows` are taken in blocks of at most `blockRows`.
 */
export function reconstructionError(
  layer: LayerArrays,
  buffers: LayerBuffers,
  rows: BitMatrix,
  blockRows: number,
  key: SeedKey,
): number {
  let total = 0;
  for (let first = 0; first < rows.rows; first += blockRows) {
    const count = Math.min(blockRows, rows.rows - first);
    const block = rowRange(rows, first, count);
    const hidden = buffers.hidden(count);
    buffers.sampleHidden(block, deriveKey(key, "analysis", first), hidden);
    total += squaredDistance(layer, block, buffers.visibleMeans(hidden));
  }
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
