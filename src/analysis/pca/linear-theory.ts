import { DomainError } from "../../errors/index.js";
import { type Rbm, toSpin } from "../../rbm/parameters.js";
import { addProduct, matrixRows } from "../../statistics/matrix-product.js";
import { type SymmetricEigen, symmetricEigen } from "../../statistics/symmetric-eigen.js";

/** One principal component of the data beside the singular vectors of the weights, for ±1 units. */
export interface ModeComparison {
  /** Rank of the component, from 0. */
  readonly mode: number;
  /** λ, its variance. */
  readonly variance: number;
  /** What linear theory makes of it: w² = 1 − 1/λ where λ > 1 and the rank is below m, else 0. */
  readonly predicted: number;
  /** |Wᵀu|², the weight along the component. */
  readonly along: number;
  /** The singular value of W of the same rank, squared; 0 beyond the number of hidden units. */
  readonly singular: number;
  /** (u·x)² with the left singular vector x of the same rank. */
  readonly overlap: number;
  /** Share of u in the span of as many leading singular vectors as there are components with λ > 1 (at most m). */
  readonly captured: number;
}

/**
 * Linear theory of an RBM with ±1 units: to second order in W, H_λ(v) = −½ vᵀW Wᵀv, and the constraint v_i² = 1 adds ½ v²
 * on average, so that the model's covariance is (1 − W Wᵀ)⁻¹. It equals the data's C where
 *   W Wᵀ = (1 − C⁻¹)₊,
 * on the m leading components with variance above 1: W stretches u by w² = 1 − 1/λ. For units scaled to unit variance, C is
 * the correlation matrix. Binary units are converted to ±1 first. DomainError unless W has a row for every unit.
 */
export function compareWithLinearTheory(eigen: SymmetricEigen, given: Rbm): readonly ModeComparison[] {
  const { weights, visible, hidden } = toSpin(given).rbm;
  if (visible !== eigen.size) {
    throw new DomainError(
      `an RBM of ${visible} visible units for data of ${eigen.size} units that vary: they must be the same units.`,
    );
  }
  const w = Float64Array.from(weights);
  const outer = new Float64Array(visible * visible);
  addProduct(matrixRows(w, hidden), matrixRows(w, hidden), hidden, matrixRows(outer, visible));
  const singular = symmetricEigen(outer, visible);
  const relevant = Math.min(hidden, eigen.values.filter((value) => value > 1).length);
  // overlaps[k, l] = u_k · x_l
  const overlaps = new Float64Array(visible * visible);
  addProduct(
    matrixRows(eigen.vectors, visible),
    matrixRows(singular.vectors, visible),
    visible,
    matrixRows(overlaps, visible),
  );
  return Array.from(eigen.values, (variance, mode): ModeComparison => {
    const row = overlaps.subarray(mode * visible, (mode + 1) * visible);
    const squares = row.map((x) => x * x);
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    return {
      mode,
      variance,
      predicted: mode < relevant ? 1 - 1 / variance : 0,
      along: sum(squares.map((square, l) => square * Math.max(0, singular.values[l]))),
      singular: mode < hidden ? Math.max(0, singular.values[mode]) : 0,
      overlap: squares[mode],
      captured: sum(squares.subarray(0, relevant)),
    };
  });
}
