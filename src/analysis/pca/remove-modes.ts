import { addProduct, matrixRows } from "../../statistics/matrix-product.js";
import type { SymmetricEigen } from "../../statistics/symmetric-eigen.js";
import { BLOCK_ROWS, type Observations, realObservations } from "./observations.js";
import { fluctuations, type Units } from "./units.js";

/**
 * The fluctuations φ − P_k φ of data without their `modes` principal components of the largest variance, in memory. Cost
 * 2 N k operations a row.
 */
export function removeLeadingModes(
  observations: Observations,
  units: Units,
  { vectors }: SymmetricEigen,
  modes: number,
): Observations {
  const { count } = units;
  const rest = new Float64Array(observations.rows * count);
  const amplitudes = new Float64Array(BLOCK_ROWS * modes);
  // Row i is −u_1i, −u_2i, …, so that amplitudes times its transpose are taken off.
  const removed = Float64Array.from(
    { length: count * modes },
    (_, k) => -vectors[(k % modes) * count + Math.floor(k / modes)],
  );
  observations.forEachBlock((values, rows, first) => {
    const phi = rest.subarray(first * count, (first + rows) * count);
    fluctuations(units, values, observations.columns, rows, phi);
    const a = matrixRows(amplitudes, modes, 0, rows);
    amplitudes.fill(0);
    addProduct(matrixRows(phi, count, 0, rows), matrixRows(vectors, count, 0, modes), count, a);
    addProduct(a, matrixRows(removed, modes), modes, matrixRows(phi, count, 0, rows));
  });
  return realObservations(rest, observations.rows, count);
}
