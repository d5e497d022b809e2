import type { BitMatrix } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";

/**
 * The known end of an annealing path: a distribution e^{−H₀(v)}/Z₀ of the visible units, beside hidden units that are
 * free. The path joins it to an RBM through the joint weights, 0 ≤ s ≤ 1,
 *   f_s(v, h) = exp[−(1 − s) H₀(v) − s E(v, h)],
 *   ln f_s(v) = −(1 − s) H₀(v) + s c·v + Σ_j ln Σ_h e^{s x_j h},
 * so that Σ f_0 = Z₀ 2^m and Σ f_1 = Z_λ.
 */
export interface AnnealingStart {
  /** ln Z₀ of the visible units. */
  readonly logPartition: number;
  /** H₀(v) + c·v of every row: the derivative by s of the part of ln f_s that is not traced. */
  slopes(visible: BitMatrix): Float64Array;
  /**
   * Move every row of `visible` so that f_s(v | h) stays as it is, the same under reversal of time; `key` names this
   * call alone. s > 0.
   */
  moveVisible(hidden: BitMatrix, s: number, key: SeedKey, visible: BitMatrix): void;
}
