import { deriveKey, type SeedKey } from "../../random/index.js";
import { bootstrapIndices } from "../../statistics/index.js";
import type { SymmetricEigen } from "../../statistics/symmetric-eigen.js";
import type { ModeMoments, MomentSums } from "./mode-moments.js";
import { total, unitCumulants } from "./moment-flow.js";
import { forEachProjector } from "./projectors.js";

/*
 * The flow of Bradde & Bialek (J. Stat. Phys. 167, 462 (2017); Liu eqs. 15–22), with
 *   H(φ) = ½ Σ_ij φ_i K_ij φ_j + g Σ_i φ_i⁴,   K = C⁻¹, modes u_μ of variance C_μ.
 * To first order in g the quartic cumulant is ⟨φ_i⁴⟩ − 3⟨φ_i²⟩² = −24 g Σ_j C_ij⁴: it measures g. Integrating out a shell of
 * modes changes g to second order by −½⟨(6g Σ_i φ_i² φ_>i²)²⟩_c = −36 g² Σ_ij φ_i² φ_j² D_ij², D the covariance of the shell.
 * Where φ varies little over the range of D this is local, with Σ_j D_ij² averaged over i:
 *   g → g − B g²,   B = (36/N) Σ_{μ in the shell} C_μ²,   hence 1/g grows by B.
 * In units of the cutoff, g̃ = g f C_f² with C_f the variance of the last mode kept at fraction f, and for C_f ∝ f^{−1/α}:
 *   dg̃/d(−ln f) = (2/α − 1) g̃ − 36 g̃²,   with a fixed point g̃* = (2/α − 1)/36, positive for α < 2.
 */

/** Terms of −½(6g)² · 2, the coefficient of g² in the one-loop recursion. */
const ONE_LOOP = 36;

/** The quartic coupling at one number of modes, those of the largest variance. */
export interface CouplingRung {
  /** Modes kept. */
  readonly modes: number;
  /** f, modes kept over N. */
  readonly fraction: number;
  /** g from the quartic cumulants, averaged over the units. */
  readonly coupling: number;
  /** One standard deviation of it, by bootstrap over groups of rows. */
  readonly standardError: number;
  /** g̃ = g f C_f², C_f the variance of the last mode kept. */
  readonly reduced: number;
  /** g by the recursion, from the measured coupling of all modes on; NaN where it does not start from a positive one. */
  readonly recursion: number;
  /** g̃ of the recursion. */
  readonly recursionReduced: number;
  /**
   * 36 g (1/N) Σ_{kept} C_μ², what one loop of the kept modes would take off g, relative to g: the series in g is of use
   * only where this is well below 1.
   */
  readonly loopSize: number;
}

/** g̃* = (2/α − 1)/36, the non-Gaussian fixed point of the recursion; 0 or less where there is none, α ≥ 2. */
export function reducedFixedPoint(alpha: number): number {
  return (2 / alpha - 1) / ONE_LOOP;
}

/** B of one step, (36/N) Σ C_μ² over the modes first ≤ μ < end. */
export function recursionStep(variances: ArrayLike<number>, first: number, end: number): number {
  let sum = 0;
  for (let mode = first; mode < end; mode++) sum += variances[mode] * variances[mode];
  return (ONE_LOOP * sum) / variances.length;
}

/**
 * The coupling at every rung of the ladder, from few modes to many. What is measured contains all loops of the kept modes,
 * while the recursion is about the coupling in their Hamiltonian: the two agree where `loopSize` is small. Cost N³
 * operations.
 */
export function couplingFlow(
  moments: ModeMoments,
  eigen: SymmetricEigen,
  key: SeedKey,
): readonly CouplingRung[] {
  const { ladder, largest, groupRows } = moments;
  const { size, values } = eigen;
  const responses = fourthPowerSums(eigen, ladder);
  const measured = Array.from(ladder, (_, rung) =>
    measureCoupling(largest[rung], groupRows, responses[rung], deriveKey(key, "analysis", rung)),
  );
  const bare = measured[ladder.length - 1].coupling;
  return Array.from(ladder, (modes, rung) => {
    const { coupling, standardError } = measured[rung];
    const last = Math.max(0, values[modes - 1]);
    const unit = (modes / size) * last * last;
    const recursion = bare > 0 ? 1 / (1 / bare + recursionStep(values, modes, size)) : NaN;
    return {
      modes,
      fraction: modes / size,
      coupling,
      standardError,
      reduced: coupling * unit,
      recursion,
      recursionReduced: recursion * unit,
      loopSize: coupling * recursionStep(values, 0, modes),
    };
  });
}

/** (1/N) Σ_ij C_ij⁴ of the covariance of the kept modes, at every rung. */
function fourthPowerSums(eigen: SymmetricEigen, ladder: Uint32Array): Float64Array {
  const { size, values } = eigen;
  const sums = new Float64Array(ladder.length);
  forEachProjector(eigen, values, ladder, (lower, rung) => {
    let total = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        const square = lower[i * size + j] * lower[i * size + j];
        total += (i === j ? 1 : 2) * square * square;
      }
    }
    sums[rung] = total / size;
  });
  return sums;
}

/** g = −(mean quartic cumulant)/(24 · mean Σ_j C_ij⁴). */
function measureCoupling(
  groups: readonly MomentSums[],
  groupRows: Uint32Array,
  response: number,
  key: SeedKey,
): { readonly coupling: number; readonly standardError: number } {
  const couplingOf = (drawn: ArrayLike<number>): number => {
    let rows = 0;
    for (let g = 0; g < drawn.length; g++) rows += groupRows[drawn[g]];
    const { fourth } = unitCumulants(total(groups, drawn), rows);
    return -fourth.reduce((sum, kappa) => sum + kappa, 0) / (24 * response * fourth.length);
  };
  const every = groups.map((_, g) => g);
  const standardError =
    groups.length < 2
      ? NaN
      : bootstrapIndices(groups.length, couplingOf, { key, resamples: 200 }).standardError;
  return { coupling: couplingOf(every), standardError };
}
