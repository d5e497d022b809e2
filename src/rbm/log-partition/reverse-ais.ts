import type { LogPartitionEstimator } from "./estimator.js";
import { doubtfulFamilies, joinDoubts, unreachedModes } from "./verdict.js";

/**
 * Annealed importance sampling from samples of the model back to independent units (Burda, Grosse & Salakhutdinov 2015).
 * ⟨1/Z estimated⟩ = 1/Z_λ, so that ln Z_λ is too large on average: a stochastic upper bound, as far as the samples are the
 * model's.
 */
export const reverseAis: LogPartitionEstimator = {
  obstacle: () => null,
  async estimate(ensemble) {
    const { works } = await ensemble.upward;
    const { value, error, effectiveFamilies, probes } = await ensemble.downward;
    return {
      value,
      error,
      doubt: joinDoubts(
        doubtfulFamilies(effectiveFamilies),
        unreachedModes(works, probes, ensemble.probeOrigin),
      ),
    };
  },
};
