import { DataError } from "../../errors/index.js";
import { type BitMatrix, bitMatrix, gatherRows, transposeBits } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import { randomOrder } from "./random-order.js";

/**
 * The configurations with their sites in another order, the same for all: v'_i = v_{order[i]}. An RBM knows no lattice, so what
 * it learns is the same up to that order: participation ratios stay, and radii become those of the lattice.
 */
export function sitePermuted(rows: BitMatrix, key: SeedKey): BitMatrix {
  return permuteSites(rows, randomOrder(rows.columns, key));
}

/** v'_i = v_{order[i]}. DataError unless `order` has an entry for every column. */
export function permuteSites(rows: BitMatrix, order: Uint32Array): BitMatrix {
  if (order.length !== rows.columns) {
    throw new DataError(
      `an order of ${order.length} sites for ${rows.columns} columns: expected one entry a column.`,
    );
  }
  const sites = bitMatrix(rows.columns, rows.rows);
  transposeBits(rows, sites);
  const permuted = bitMatrix(rows.columns, rows.rows);
  gatherRows(sites, order, 0, permuted);
  const out = bitMatrix(rows.rows, rows.columns);
  transposeBits(permuted, out);
  return out;
}
