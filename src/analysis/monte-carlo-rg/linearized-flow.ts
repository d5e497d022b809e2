import { solveLinearSystem } from "../../statistics/index.js";
import { momentIndex, type SectorMoments } from "./sector-sums.js";

/**
 * T = ∂K'/∂K of the step from level − 1 to `level` (≥ 1), T_αβ = ∂K'_α/∂K_β, from the first `count` couplings, row-major
 * (Swendsen, Phys. Rev. Lett. 42, 859 (1979)).
 *
 * With P ∝ e^{ΣK_β S_β} the derivative of a mean is a connected correlation. Taken once through the block spins' own
 * couplings K' and once directly,
 *
 *   Σ_α ⟨S'_γ S'_α⟩_c ∂K'_α/∂K_β = ∂⟨S'_γ⟩/∂K_β = ⟨S'_γ S_β⟩_c,
 *
 * that is A T = B with A_γα = ⟨S'_γ S'_α⟩_c and B_γβ = ⟨S'_γ S_β⟩_c, γ numbering rows. Exact if the couplings are all that
 * block spins have, otherwise a truncation. DomainError when A is singular: couplings that depend on each other on this
 * lattice, or fewer configurations than couplings.
 */
export function renormalizationMatrix(moments: SectorMoments, level: number, count: number): Float64Array {
  const { values } = moments;
  const index = momentIndex(moments.size, moments.steps);
  const a = new Float64Array(count * count);
  const b = new Float64Array(count * count);
  for (let gamma = 0; gamma < count; gamma++) {
    const blocked = values[index.level(level, gamma)];
    for (let other = 0; other < count; other++) {
      const within = values[index.within(level, gamma, other)];
      const across = values[index.across(level, gamma, other)];
      a[gamma * count + other] = within - blocked * values[index.level(level, other)];
      b[gamma * count + other] = across - blocked * values[index.level(level - 1, other)];
    }
  }
  return solveLinearSystem(a, b, count, count);
}
