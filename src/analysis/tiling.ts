import { atan2, exp, log1p } from "../kernels/elementary.js";
import { pointDistance, siteCount } from "./lattice-geometry.js";

/** A measured value between that of random and that of perfectly regular placement. */
export interface Comparison {
  readonly value: number;
  /** Expected if every unit lay anywhere on the lattice, independently of the others. */
  readonly random: number;
  readonly perfect: number;
}

/** How the units of one layer share out the lattice; dead units are left out. */
export interface Tiling {
  /**
   * Share of the sites that are in the footprint of at least one unit; the footprint is the sites with |r| ≥ ½|peak|. Random:
   * 1 − Π_j(1 − a_j/N), a_j the sites of footprint j; perfect: min(1, Σ a_j/N).
   */
  readonly coverage: Comparison;
  /**
   * Mean distance from a centre to the nearest other one, in sites. Random: ∫(1 − A(d)/A)^{m−1} dd with A(d) the area within d
   * on the torus; perfect: the spacing √(N/m) of a square grid, N/m on a chain. NaN below two units.
   */
  readonly nearestCenter: Comparison;
  /** Standard deviation of the mean nearest distance of as many randomly placed units, for many units. */
  readonly nearestCenterError: number;
}

/** `fields` unit-major, units × sites; `centers` NaN for dead units. */
export function measureTiling(
  fields: Float64Array,
  centers: readonly (readonly number[])[],
  shape: readonly number[],
): Tiling {
  const alive = centers.filter((center) => !center.some(Number.isNaN));
  return {
    coverage: coverage(fields, siteCount(shape)),
    nearestCenter: {
      value: meanNearestDistance(alive, shape),
      random: randomNearestDistance(alive.length, shape),
      perfect: alive.length < 2 ? NaN : spacing(alive.length, shape),
    },
    nearestCenterError: randomNearestError(alive.length, shape),
  };
}

function coverage(fields: Float64Array, sites: number): Comparison {
  const covered = new Uint8Array(sites);
  let [logMissed, area] = [0, 0];
  for (let first = 0; first < fields.length; first += sites) {
    const field = fields.subarray(first, first + sites);
    const peak = field.reduce((most, r) => Math.max(most, Math.abs(r)), 0);
    if (peak === 0) continue;
    let footprint = 0;
    field.forEach((r, site) => {
      if (Math.abs(r) < peak / 2) return;
      footprint++;
      covered[site] = 1;
    });
    area += footprint / sites;
    logMissed += log1p(-footprint / sites);
  }
  return {
    value: covered.reduce((sum, one) => sum + one, 0) / sites,
    random: 1 - exp(logMissed),
    perfect: Math.min(1, area),
  };
}

function meanNearestDistance(centers: readonly (readonly number[])[], shape: readonly number[]): number {
  if (centers.length < 2) return NaN;
  let total = 0;
  centers.forEach((center, a) => {
    let nearest = Infinity;
    centers.forEach((other, b) => {
      if (a !== b) nearest = Math.min(nearest, pointDistance(center, other, shape));
    });
    total += nearest;
  });
  return total / centers.length;
}

function spacing(units: number, shape: readonly number[]): number {
  const area = siteCount(shape) / units;
  return shape.length === 1 ? area : Math.sqrt(area);
}

/** Panels of Simpson's rule; the integrand is smooth but for kinks at half the sides. */
const PANELS = 1000;

/** ∫_0^∞ P(no other centre within d) dd = ∫ (1 − A(d)/A)^{m−1} dd for m independent uniform points of the torus. */
function randomNearestDistance(units: number, shape: readonly number[]): number {
  if (units < 2) return NaN;
  if (shape.length === 1) return shape[0] / (2 * units);
  const farthest = Math.sqrt(shape.reduce((sum, side) => sum + (side * side) / 4, 0));
  const step = farthest / (2 * PANELS);
  let sum = 0;
  for (let k = 0; k <= 2 * PANELS; k++) {
    const weight = k === 0 || k === 2 * PANELS ? 1 : k % 2 === 1 ? 4 : 2;
    const inside = Math.min(1, discArea(k * step, shape[0] / 2, shape[1] / 2) / (shape[0] * shape[1]));
    sum += weight * (inside === 1 ? 0 : exp((units - 1) * log1p(-inside)));
  }
  return (sum * step) / 3;
}

/** Area of the disc of radius d inside the rectangle |x| ≤ a, |y| ≤ b. */
function discArea(d: number, a: number, b: number): number {
  // ∫ min(b, √(d² − x²)) dx from 0 to min(a, d), times 4
  const end = Math.min(a, d);
  const flat = d > b ? Math.min(end, Math.sqrt(d * d - b * b)) : 0;
  return 4 * (b * flat + circleIntegral(end, d) - circleIntegral(flat, d));
}

/** ∫_0^x √(d² − t²) dt. */
function circleIntegral(x: number, d: number): number {
  const rest = Math.sqrt(Math.max(0, d * d - x * x));
  return d === 0 ? 0 : (x * rest + d * d * atan2(x, rest)) / 2;
}

/**
 * √(0.0703 A/m²) on a torus (Donnelly 1978); on a chain √(1/6) L/m^{3/2}: the m gaps are exponential of unit mean given their
 * sum, Var min(g, g') + 2 Cov(min(g, g'), min(g', g'')) − ⟨min⟩² = 1/4 + 2/12 − 1/4.
 */
function randomNearestError(units: number, shape: readonly number[]): number {
  if (units < 2) return NaN;
  return shape.length === 1
    ? shape[0] / units / Math.sqrt(6 * units)
    : Math.sqrt(0.0703 * siteCount(shape)) / units;
}
