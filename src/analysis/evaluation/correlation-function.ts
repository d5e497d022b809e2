import { type BitMatrix, bitMatrix, gatherRows } from "../../kernels/index.js";
import { groupSizes, sampleGroups } from "../../statistics/index.js";
import { twoPointFunction } from "../two-point-function.js";

/** C(r) along the axes of a lattice, r = 0, 1, … up to half the longest side. */
export interface CorrelationFunction {
  /** ⟨v_x v_{x+r}⟩ at index r, not connected, averaged over the sites and over the axes with r ≤ side/2. */
  readonly values: Float64Array;
  /** One standard deviation of each. */
  readonly errors: Float64Array;
}

/**
 * C(r) = ⟨v_x v_{x+r}⟩, averaged over sites and over the axes that are long enough, with errors from groups of rows that are
 * independent of each other (see `sampleGroups`): row = round·chains + chain, null where the chains are not known. `shape` is
 * [N] or [Lx, Ly].
 */
export function correlationFunction(
  rows: BitMatrix,
  shape: readonly number[],
  chains: number | null,
): CorrelationFunction {
  const values = axisProfile(twoPointFunction(rows, shape), shape);
  const groups = sampleGroups(rows.rows, chains);
  const { sizes, count } = groupSizes(groups);
  const squares = values.map(() => 0);
  for (const [group, size] of sizes.entries()) {
    const order = Uint32Array.from(groups.keys()).filter((row) => groups[row] === group);
    const part = bitMatrix(size, rows.columns);
    gatherRows(rows, order, 0, part);
    axisProfile(twoPointFunction(part, shape), shape).forEach((value, r) => {
      squares[r] += ((size / rows.rows) * (value - values[r])) ** 2;
    });
  }
  const scale = count < 2 ? NaN : count / (count - 1);
  return { values, errors: squares.map((square) => Math.sqrt(scale * square)) };
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
