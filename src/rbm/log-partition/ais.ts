import type { LogPartitionEstimator } from "./estimator.js";
import { doubtfulFamilies, joinDoubts, unreachedModes } from "./verdict.js";

/**
 * Annealed importance sampling (Neal 2001; Salakhutdinov & Murray 2008): a population is led from independent units to the
 * model, and ln Z_λ is what its weights gain. ⟨Z estimated⟩ = Z_λ, so that ln Z_λ is too small on average: a stochastic lower
 * bound. Chains led back from the data tell whether it has missed a mode.
 */
export const ais: LogPartitionEstimator = {
  obstacle: () => null,
  async estimate(ensemble) {
    const { value, error, effectiveFamilies, works } = await ensemble.upward;
    const { probes } = await ensemble.downward;
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
