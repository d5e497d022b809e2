import { type BitMatrix, bitMatrix, getBit, setBit } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { randomOrder } from "./random-order.js";

/**
 * Each configuration with its sites in an order of its own: v'_i = v_{order_r[i]} in row r, from the stream (key, analysis, r).
 * Mean-field data: every configuration keeps its magnetisation M, and P(v') = P(M)/(N choose (N + M)/2), so any two sites are
 * correlated alike, ⟨v'_i v'_j⟩ = (⟨M²⟩ − N)/(N(N − 1)), whatever their distance.
 */
export function meanField(rows: BitMatrix, key: SeedKey): BitMatrix {
  const out = bitMatrix(rows.rows, rows.columns);
  for (let row = 0; row < rows.rows; row++) {
    const order = randomOrder(rows.columns, deriveKey(key, "analysis", row));
    for (let i = 0; i < rows.columns; i++) setBit(out, row, i, getBit(rows, row, order[i]));
  }
  return out;
}
