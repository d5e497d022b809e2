import { type BitMatrix, rowRange } from "../../kernels/index.js";
import { betweenChainVariance } from "../../statistics/between-chains.js";
import { twoPointFunction } from "../two-point-function.js";

/** C(r) along the axes of a lattice, r = 0, 1, … up to half the longest side. */
export interface CorrelationFunction {
  readonly values: Float64Array;
  /** One standard deviation. */
  readonly errors: Float64Array;
}

/** Contiguous blocks of rows from whose scatter the errors come. */
const BLOCKS = 32;

/**
 * C(r) = ⟨v_x v_{x+r}⟩, averaged over sites and over the axes that are long enough, with errors from contiguous blocks of
 * rows. `shape` is [N] or [Lx, Ly].
 */
export function correlationFunction(rows: BitMatrix, shape: readonly number[]): CorrelationFunction {
  const blocks = Math.min(BLOCKS, rows.rows);
  const bounds = Array.from({ length: blocks + 1 }, (_, k) => Math.floor((k * rows.rows) / blocks));
  const parts = bounds.slice(1).map((end, k) => {
    const part = rowRange(rows, bounds[k], end - bounds[k]);
    return axisProfile(twoPointFunction(part, shape), shape);
  });
  const values = axisProfile(twoPointFunction(rows, shape), shape);
  const errors = values.map((_, r) =>
    blocks < 2 ? NaN : Math.sqrt(betweenChainVariance(parts.map((part) => Float64Array.of(part[r])))),
  );
  return { values, errors };
}

/** C at distance r along the axes, from C of all displacements, row-major. */
export function axisProfile(correlations: Float64Array, shape: readonly number[]): Float64Array {
  const longest = Math.max(...shape);
  return Float64Array.from({ length: Math.floor(longest / 2) + 1 }, (_, r) => {
    const along = shape.flatMap((side, axis) =>
      r <= side / 2 ? [correlations[r * shape.slice(axis + 1).reduce((product, s) => product * s, 1)]] : [],
    );
    return along.reduce((total, value) => total + value, 0) / along.length;
  });
}
