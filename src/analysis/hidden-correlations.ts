import { pointDistance, siteCount } from "./lattice-geometry.js";
import { latticeGeometry, squaredDistance } from "./lattice-geometry.js";

/** Correlation of pairs of hidden units whose centres lie about as far apart. */
export interface CorrelationBin {
  /** Mean distance of the centres, in sites; the bins are k − ½ ≤ d < k + ½. */
  readonly distance: number;
  readonly pairs: number;
  /** Mean over the pairs of s_a s_b ρ_ab; see `hiddenCorrelations`. NaN without pairs. */
  readonly correlation: number;
  /** Standard deviation over the pairs divided by √pairs; pairs share units, so it is a lower bound. */
  readonly error: number;
  /** C(r) of the visible spins, averaged over the displacements in the bin. */
  readonly spins: number;
}

/** One layer's units as this analysis sees them. */
export interface HiddenUnits {
  /** ⟨h⟩ in [−1, 1], rows × units. */
  readonly means: Float32Array;
  /** Centres of the fields, NaN for dead units, which are left out. */
  readonly centers: readonly (readonly number[])[];
  /** Sign of each field; the sign of a hidden unit is a convention that the correlation must not depend on. */
  readonly signs: readonly number[];
}

/**
 * The correlation between the ±1 units of one hidden layer against the distance of their fields' centres,
 *   ρ_ab = Cov(t_a, t_b)/√((1 − ⟨t_a⟩²)(1 − ⟨t_b⟩²)),  t = ⟨h⟩ given v:
 * that of units sampled from P(h | v), which are independent given v, without the noise of sampling them. Times the signs of
 * both fields, beside the two-point function of the spins at the same distance. Cost rows · units²/2.
 */
export function hiddenCorrelations(
  units: HiddenUnits,
  spinCorrelations: Float64Array,
  shape: readonly number[],
): readonly CorrelationBin[] {
  const bins = spinBins(spinCorrelations, shape);
  const correlations = correlationMatrix(units);
  const { centers, signs } = units;
  const count = centers.length;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const distance = pointDistance(centers[a], centers[b], shape);
      const value = signs[a] * signs[b] * correlations[a * count + b];
      if (Number.isNaN(distance) || Number.isNaN(value)) continue;
      const bin = bins[Math.min(bins.length - 1, Math.round(distance))];
      bin.pairs++;
      bin.distance += distance;
      bin.sum += value;
      bin.squares += value * value;
    }
  }
  return bins.map(({ pairs, distance, sum, squares, spins }) => {
    const mean = sum / pairs;
    const variance = (squares - pairs * mean * mean) / (pairs - 1);
    return {
      distance: distance / pairs,
      pairs,
      correlation: mean,
      error: pairs < 2 ? NaN : Math.sqrt(Math.max(0, variance) / pairs),
      spins,
    };
  });
}

interface Bin {
  distance: number;
  pairs: number;
  sum: number;
  squares: number;
  readonly spins: number;
}

function spinBins(correlations: Float64Array, shape: readonly number[]): readonly Bin[] {
  const geometry = latticeGeometry(shape);
  const origin = shape.map(() => 0);
  const sums: number[] = [];
  const counts: number[] = [];
  for (let site = 0; site < siteCount(shape); site++) {
    const bin = Math.round(Math.sqrt(squaredDistance(geometry, site, origin)));
    sums[bin] = (sums[bin] ?? 0) + correlations[site];
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(sums, (sum, bin) => ({
    distance: 0,
    pairs: 0,
    sum: 0,
    squares: 0,
    spins: sum / counts[bin],
  }));
}

/** ρ_ab for b < a, units × units; NaN for a unit that is always in the same state. */
function correlationMatrix({ means, centers }: HiddenUnits): Float64Array {
  const units = centers.length;
  const rows = means.length / units;
  const averages = new Float64Array(units);
  means.forEach((value, index) => (averages[index % units] += value / rows));
  const covariance = new Float64Array(units * units);
  const deviations = new Float64Array(units);
  for (let row = 0; row < rows; row++) {
    for (let a = 0; a < units; a++) deviations[a] = means[row * units + a] - averages[a];
    for (let a = 0; a < units; a++) {
      const factor = deviations[a] / rows;
      for (let b = 0; b < a; b++) covariance[a * units + b] += factor * deviations[b];
    }
  }
  return covariance.map((value, index) => {
    const [a, b] = [averages[Math.floor(index / units)], averages[index % units]];
    return value / Math.sqrt((1 - a * a) * (1 - b * b));
  });
}
