import { log } from "../../../kernels/elementary.js";
import { RandomStream, type SeedKey } from "../../../random/index.js";
import { type Observations, realObservations } from "../observations.js";

/** Sectors of equally many units, and the shares of a unit's variance that are the market's and its sector's. */
export const market = { sectors: 10, marketShare: 0.2, sectorShare: 0.15 } as const;

/** ⟨x⁴⟩/⟨x²⟩² of a Laplace variable. */
export const LAPLACE = 6;

/**
 * Returns of a market without any interaction: unit i of sector c(i) moves as
 *   φ_i = √a m + √b s_c(i) + √(1 − a − b) ε_i,
 * with a market factor m, sectors s and ε of their own, independent and Laplace-distributed (heavy tails) of variance 1. Of
 * N units in C sectors the covariance has the eigenvalues (1−a−b) + bN/C + aN once, (1−a−b) + bN/C for C − 1 modes, and
 * 1−a−b. Units are numbered sector by sector.
 */
export function marketReturns(rows: number, units: number, key: SeedKey): Observations {
  const { sectors, marketShare, sectorShare } = market;
  const [m, s, own] = [marketShare, sectorShare, 1 - marketShare - sectorShare].map(Math.sqrt);
  const stream = new RandomStream(key);
  const values = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    const common = m * laplace(stream);
    const factors = Float64Array.from({ length: sectors }, () => common + s * laplace(stream));
    for (let i = 0; i < units; i++) {
      values[row * units + i] = factors[sectorOf(i, units)] + own * laplace(stream);
    }
  }
  return realObservations(values, rows, units);
}

/** c(i). */
export function sectorOf(unit: number, units: number): number {
  return Math.floor((unit * market.sectors) / units);
}

/** The difference of two exponential variables, scaled to variance 1. */
function laplace(stream: RandomStream): number {
  return (log(stream.nextUniform()) - log(stream.nextUniform())) * Math.SQRT1_2;
}
