import { log, softplus } from "../../kernels/elementary.js";
import { logSumExp } from "../../statistics/index.js";

/** The value at which two ensembles explain each other's works best, and how well they overlap there. */
export interface AcceptanceRatio {
  /** ln Z₁/Z₀ */
  readonly value: number;
  /** ln of 1/(1 + (n₀/n₁) e^{value − w}) of every work from 0 to 1: the share of ensemble 1 in such a work. */
  readonly logForwardShares: Float64Array;
  /** ln of 1/(1 + (n₁/n₀) e^{w − value}) of every work whose way is from 1 to 0. */
  readonly logReverseShares: Float64Array;
}

/** Halvings of an interval that always holds the solution, down to its rounding. */
const HALVINGS = 200;

/**
 * Bennett's acceptance ratio (J. Comput. Phys. 22, 245 (1976); for works Shirts et al., Phys. Rev. Lett. 91, 140601
 * (2003)). `forward` holds n₀ works from ensemble 0 to 1, ⟨e^w⟩₀ = Z₁/Z₀; `reverse` holds n₁ works of chains from 1 to 0,
 * counted from 0 to 1, ⟨e^{−w}⟩₁ = Z₀/Z₁. The value x solves
 *   Σ_forward 1/(1 + (n₀/n₁) e^{x − w}) = Σ_reverse 1/(1 + (n₁/n₀) e^{w − x}).
 * The left side falls and the right side rises with x, so that halving an interval finds the only solution; compared in
 * logarithms, whatever the works are.
 */
export function acceptanceRatio(forward: Float64Array, reverse: Float64Array): AcceptanceRatio {
  const ratio = log(forward.length / reverse.length);
  const logForward = (x: number): Float64Array => forward.map((w) => -softplus(x - w + ratio));
  const logReverse = (x: number): Float64Array => reverse.map((w) => -softplus(w - x - ratio));
  let [low, high] = interval(forward, reverse, Math.abs(ratio));
  for (let k = 0; k < HALVINGS; k++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (logSumExp(logForward(middle)) > logSumExp(logReverse(middle))) low = middle;
    else high = middle;
  }
  const value = (low + high) / 2;
  return { value, logForwardShares: logForward(value), logReverseShares: logReverse(value) };
}

/** Below every work by ln n + |r| + 1 each forward share is above 1 − 1/en and each reverse share below 1/en; mirrored above. */
function interval(forward: Float64Array, reverse: Float64Array, ratio: number): [number, number] {
  const works = [...forward, ...reverse];
  const margin = log(works.length) + ratio + 1;
  return [Math.min(...works) - margin, Math.max(...works) + margin];
}
