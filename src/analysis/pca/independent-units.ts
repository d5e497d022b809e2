import type { SymmetricEigen } from "../../statistics/symmetric-eigen.js";
import { forEachProjector } from "./projectors.js";

/** Variance σ² and fourth cumulant κ = ⟨φ⁴⟩ − 3σ⁴ of every unit by itself. */
export interface UnitCumulants {
  readonly variances: Float64Array;
  readonly fourth: Float64Array;
}

/** Normalised fourth moments per unit, at every rung of a ladder, of the largest modes and of the smallest. */
export interface NullMoments {
  readonly largest: readonly Float64Array[];
  readonly smallest: readonly Float64Array[];
}

/**
 * What the normalised fourth moments would be if the units were independent, each with its own variance and fourth
 * cumulant, and were seen through the same modes:
 *   ⟨φ̂_i⁴⟩/⟨φ̂_i²⟩² = 3 + Σ_j P_ij⁴ κ_j / (Σ_j P_ij² σ_j²)²,   φ̂ = Pφ,
 * with P = P_k for the largest modes and 1 − P_k for the smallest. For ±1 spins it is 3 − 2 Σ_j P_ij⁴/P_ii². Sums of many
 * units are Gaussian whether they interact or not, and modes that live on a few units never are: only what differs from
 * this line speaks of interactions. NaN where a unit takes no part in the modes. Cost N³ operations.
 */
export function independentUnitMoments(
  eigen: SymmetricEigen,
  ladder: Uint32Array,
  cumulants: UnitCumulants,
): NullMoments {
  const largest: Float64Array[] = [];
  const smallest: Float64Array[] = [];
  const weights = new Float64Array(eigen.size).fill(1);
  forEachProjector(eigen, weights, ladder, (projector, rung) => {
    const full = ladder[rung] === eigen.size;
    largest.push(full ? unfiltered(cumulants) : filtered(projector, eigen.size, cumulants, 0));
    smallest.push(
      full ? new Float64Array(eigen.size).fill(NaN) : filtered(projector, eigen.size, cumulants, 1),
    );
  });
  return { largest, smallest };
}

/** All modes kept: every unit by itself. */
function unfiltered({ variances, fourth }: UnitCumulants): Float64Array {
  return fourth.map((kappa, i) => 3 + kappa / (variances[i] * variances[i]));
}

/** The moments seen through P, or through 1 − P with `identity` 1. */
function filtered(
  projector: Float64Array,
  size: number,
  { variances, fourth }: UnitCumulants,
  identity: 0 | 1,
): Float64Array {
  const variance = new Float64Array(size);
  const cumulant = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const p = identity === 0 ? projector[i * size + j] : (i === j ? 1 : 0) - projector[i * size + j];
      const square = p * p;
      variance[i] += square * variances[j];
      cumulant[i] += square * square * fourth[j];
      if (i === j) continue;
      variance[j] += square * variances[i];
      cumulant[j] += square * square * fourth[i];
    }
  }
  return cumulant.map((kappa, i) => (variance[i] > 0 ? 3 + kappa / (variance[i] * variance[i]) : NaN));
}
