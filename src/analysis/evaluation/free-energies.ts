import type { LogPartitionEstimate } from "../../rbm/log-partition/estimate.js";
import type { Measured } from "../../statistics/index.js";

/**
 * The free energies of target and model and what bounds them, in nats; F = −ln Z, F_λ = −ln Z_λ, D = H − H_λ:
 *   F − F_λ = KL(P‖P_λ) + ⟨D⟩_P = −KL(P_λ‖P) + ⟨D⟩_λ,   F_λ + ⟨D⟩_P ≤ F ≤ F_λ + ⟨D⟩_λ   (Gibbs, Bogoliubov, Feynman).
 */
export interface FreeEnergies {
  /** F of the target. */
  readonly target: Measured;
  /** F_λ of the model. */
  readonly model: Measured;
  /** F − F_λ */
  readonly gap: Measured;
  /** ⟨D⟩_P, over the target: exact where all states can be summed over, else over the data. */
  readonly meanDData: Measured;
  /** ⟨D⟩_λ, over the model: exact where all states can be summed over, else over samples of it. */
  readonly meanDModel: Measured;
  /** F_λ + ⟨D⟩_P ≤ F */
  readonly lowerBound: Measured;
  /** F_λ + ⟨D⟩_λ ≥ F */
  readonly upperBound: Measured;
  /** KL(P‖P_λ)/n, nats per visible unit. */
  readonly klPerSpin: Measured;
  /** KL(P_λ‖P)/n, nats per visible unit. */
  readonly reverseKlPerSpin: Measured;
}

/** The free energies from ln Z of both sides and ⟨D⟩ over both, whose errors are independent: they come from different samples. */
export function freeEnergies(
  sites: number,
  target: LogPartitionEstimate,
  model: LogPartitionEstimate,
  meanDData: Measured,
  meanDModel: Measured,
): FreeEnergies {
  const F = { value: -target.value, error: target.error };
  const modelF = { value: -model.value, error: model.error };
  const gap = difference(F, modelF);
  return {
    target: F,
    model: modelF,
    gap,
    meanDData,
    meanDModel,
    lowerBound: sum(modelF, meanDData),
    upperBound: sum(modelF, meanDModel),
    klPerSpin: scaled(difference(gap, meanDData), 1 / sites),
    reverseKlPerSpin: scaled(difference(meanDModel, gap), 1 / sites),
  };
}

function sum(a: Measured, b: Measured): Measured {
  return { value: a.value + b.value, error: Math.sqrt(a.error * a.error + b.error * b.error) };
}

/** a − b of independent measurements. */
export function difference(a: Measured, b: Measured): Measured {
  return sum(a, scaled(b, -1));
}

function scaled({ value, error }: Measured, factor: number): Measured {
  return { value: factor * value, error: Math.abs(factor) * error };
}
