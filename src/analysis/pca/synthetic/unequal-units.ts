import { power } from "../../../kernels/elementary.js";
import { RandomStream, type SeedKey } from "../../../random/index.js";
import { type Observations, realObservations } from "../observations.js";

/** Standard deviation of the last unit over that of the first. */
export const SPREAD = 1000;

/**
 * Two-state units that do not interact, φ_i = ±σ_i with σ_i growing evenly in ln σ from 1 to SPREAD. Every principal component
 * is one unit, or a few of neighbouring σ. The median over the units of their fourth moment first rises towards 3, as small units
 * are made of the leaks of many, and falls again towards 1 with the last modes, each of them one unit: not a Gaussian fixed
 * point, and no interaction.
 */
export function unequalUnits(rows: number, units: number, key: SeedKey): Observations {
  const stream = new RandomStream(key);
  const deviations = Float64Array.from({ length: units }, (_, i) => unequalDeviation(i, units));
  const values = Float64Array.from(
    { length: rows * units },
    (_, k) => (stream.nextUniform() < 0.5 ? -1 : 1) * deviations[k % units],
  );
  return realObservations(values, rows, units);
}

/** σ_i of unit i of so many. */
export function unequalDeviation(unit: number, units: number): number {
  return units === 1 ? 1 : power(SPREAD, unit / (units - 1));
}
