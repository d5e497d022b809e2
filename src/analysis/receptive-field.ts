import { atan2, cos, sin } from "../kernels/elementary.js";

/** Shape of one hidden unit's receptive field r over the lattice sites, all measures weighted with r². */
export interface ReceptiveField {
  /** Circular mean position along each axis, in sites, in [0, L). One entry on a chain, two on a torus. */
  readonly center: readonly number[];
  /** √(Σ r² d²/Σ r²), d the shortest distance to the centre on the torus, in sites. */
  readonly radiusOfGyration: number;
  /** PR = (Σ r²)²/Σ r⁴: about how many sites carry the field; N for a uniform one, 1 for a single site. */
  readonly participationRatio: number;
  /** |Σ r|/Σ|r|: 1 if all weights have one sign, 0 if they cancel. */
  readonly signCoherence: number;
  /** The weight of largest magnitude, with its sign. */
  readonly peak: number;
  /** √(Σ r²) */
  readonly norm: number;
  /** PR < 30 sites and radius of gyration < 4 sites. */
  readonly localized: boolean;
}

/** Bounds of "localised" at 40×40; a field below both is a block of at most a few lattice spacings. */
const LOCALIZED_PARTICIPATION = 30;
const LOCALIZED_RADIUS = 4;

/**
 * Measure one field r on a periodic lattice of shape [N] or [Lx, Ly] (row-major). A dead unit (r = 0) has NaN for all
 * ratios, norm 0 and is not localised.
 */
export function measureReceptiveField(field: ArrayLike<number>, shape: readonly number[]): ReceptiveField {
  let [sum, magnitude, square, fourth, peak] = [0, 0, 0, 0, 0];
  for (let site = 0; site < field.length; site++) {
    const r = field[site];
    sum += r;
    magnitude += Math.abs(r);
    square += r * r;
    fourth += r * r * r * r;
    if (Math.abs(r) > Math.abs(peak)) peak = r;
  }
  const center = shape.map((_, axis) => circularMean(field, shape, axis));
  const radiusOfGyration = Math.sqrt(secondMoment(field, shape, center) / square);
  const participationRatio = (square * square) / fourth;
  return {
    center,
    radiusOfGyration,
    participationRatio,
    signCoherence: Math.abs(sum) / magnitude,
    peak,
    norm: Math.sqrt(square),
    localized: participationRatio < LOCALIZED_PARTICIPATION && radiusOfGyration < LOCALIZED_RADIUS,
  };
}

/** Position of site `site` along `axis`. */
function coordinate(site: number, shape: readonly number[], axis: number): number {
  const stride = shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  return Math.floor(site / stride) % shape[axis];
}

/** L/2π · arg Σ r² e^{2πi x/L}: the mean position on a circle of L sites; NaN for a dead unit. */
function circularMean(field: ArrayLike<number>, shape: readonly number[], axis: number): number {
  const length = shape[axis];
  let [real, imaginary] = [0, 0];
  for (let site = 0; site < field.length; site++) {
    const weight = field[site] * field[site];
    if (weight === 0) continue;
    const angle = (2 * Math.PI * coordinate(site, shape, axis)) / length;
    real += weight * cos(angle);
    imaginary += weight * sin(angle);
  }
  if (real === 0 && imaginary === 0) return NaN;
  const position = (atan2(imaginary, real) * length) / (2 * Math.PI);
  return position < 0 ? position + length : position;
}

/** Σ r² d² with d the shortest distance to `center` on the torus. */
function secondMoment(field: ArrayLike<number>, shape: readonly number[], center: readonly number[]): number {
  let total = 0;
  for (let site = 0; site < field.length; site++) {
    let distance = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const offset = coordinate(site, shape, axis) - center[axis];
      const shortest = offset - shape[axis] * Math.round(offset / shape[axis]);
      distance += shortest * shortest;
    }
    total += field[site] * field[site] * distance;
  }
  return total;
}
