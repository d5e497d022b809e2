import { exactTorus } from "../../ising/exact/index.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { increasingRoot } from "./increasing-root.js";
import { nearestCorrelation, type SpinAverages } from "./spin-averages.js";

/** Beyond this coupling rounding hides the e^(−8K) of all spins that are flipped. */
const LARGEST_COUPLING = 4;

/**
 * The coupling at which the exact Ising model on the same torus has the energy of the configurations: ⟨v v'⟩ of nearest
 * neighbours = −E(K)/2N (Kaufman 1949). Negative where neighbours differ more often than not, by E(−K) = −E(K), exact for even
 * sides. Infinity where all are equal. A root near `near` takes fewer steps to find.
 */
export function inverseOnsager(averages: SpinAverages, near = CRITICAL_COUPLING): number {
  const [width, height] = averages.shape;
  const correlation = nearestCorrelation(averages);
  if (Math.abs(correlation) === 1) return Math.sign(correlation) * Infinity;
  const coupling = increasingRoot(
    (k) => {
      const { energyPerSite, specificHeatPerSite } = exactTorus(width, height, k);
      return { value: -energyPerSite / 2, slope: k === 0 ? 1 : specificHeatPerSite / (2 * k * k) };
    },
    Math.abs(correlation),
    [0, LARGEST_COUPLING],
    Math.abs(near),
  );
  return Math.sign(correlation) * coupling;
}
