import { packBits } from "../../../kernels/index.js";
import { RandomStream, type SeedKey } from "../../../random/index.js";
import { bitObservations, type Observations } from "../observations.js";

/** Fair ±1 spins that know nothing of each other: through any modes their fourth moment is 3 − 2 Σ_j P_ij⁴/P_ii². */
export function independentSpins(rows: number, units: number, key: SeedKey): Observations {
  const stream = new RandomStream(key);
  const values = Float64Array.from({ length: rows * units }, () => (stream.nextUniform() < 0.5 ? -1 : 1));
  return bitObservations(packBits(values, rows, units));
}
