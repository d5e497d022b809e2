import { atan2, sin } from "../kernels/elementary.js";
import { fieldStrength, type FieldStrength } from "./field-strength.js";
import { latticeGeometry, type LatticeGeometry, squaredDistance } from "./lattice-geometry.js";

/** Shape of one hidden unit's receptive field r over the lattice sites; positions and sizes are weighted with r². */
export interface ReceptiveField extends FieldStrength {
  /** Circular mean position along each axis, in sites, in [0, L). One entry on a chain, two on a torus. */
  readonly center: readonly number[];
  /** √(Σ r² d²/Σ r²), d the shortest distance to the centre on the torus, in sites, over the whole lattice. */
  readonly radiusOfGyration: number;
  /** The field inside its own window, where noise on far sites does not count. */
  readonly core: FieldCore;
}

/**
 * A field inside the smallest window d ≤ W around its centre that holds half of Σ r² and has W ≥ 4 R(W), R(W) the radius of
 * gyration of the sites inside (W whole; the lattice if no W suffices). Training leaves a floor of small weights on every
 * site; weighted with d² it hides the radius of a block of a few sites, and summed up it hides the sign. The window shuts it
 * out without cutting a broad field.
 */
export interface FieldCore {
  /** W in sites. */
  readonly window: number;
  /** R(W) in sites: 1.22 ℓ for a field e^{−d/ℓ} on a torus, s for e^{−d²/2s²}. */
  readonly radius: number;
  /** Share of Σ r² inside the window; the rest is noise, or far away. */
  readonly weight: number;
  /** |Σ r|/Σ|r| inside the window. */
  readonly signCoherence: number;
  /** Sign of Σ r inside the window, +1 where it vanishes: that of a hidden unit is a convention, which this undoes. */
  readonly sign: 1 | -1;
  /**
   * √(|r̂(0)|/|r̂(k)| − 1)/(2 sin(k/2)), k = 2π/L, mean of the axes, r̂ over the window: the second-moment correlation length
   * of r taken for a two-point function, as `xi` is of configurations. What the window cuts makes it low by a constant factor:
   * 0.9 for e^{−d/ℓ} on a torus, 1 for a Gaussian. NaN where |r̂(0)| < |r̂(k)|, that is, if the signs cancel.
   */
  readonly correlationLength: number;
}

/** A window is closed when it is this many radii of gyration wide: e^{−d/ℓ} then has 1 % of Σ r² d² outside. */
const WINDOW_RADII = 4;

/** What |r̂(0)|/|r̂(k)| − 1 of a single site may differ from 0 by rounding. */
const ROUNDING = 1e-12;

/** Share of Σ r² a window must hold; without it a single small weight next to the centre would be a core. */
const WINDOW_WEIGHT = 0.5;

/**
 * Measure one field r on a periodic lattice of shape [N] or [Lx, Ly] (row-major). A dead unit (r = 0) has NaN for all
 * ratios and norm 0.
 *
 * @param field r at every site, one row of what `receptiveFields` gives
 * @param shape sides of the lattice, in sites
 */
export function measureReceptiveField(field: ArrayLike<number>, shape: readonly number[]): ReceptiveField {
  return measureField(field, latticeGeometry(shape));
}

/** The same for every unit; `fields` is unit-major, units × sites. */
export function measureReceptiveFields(
  fields: Float64Array,
  geometry: LatticeGeometry,
): readonly ReceptiveField[] {
  const { sites } = geometry;
  return Array.from({ length: fields.length / sites }, (_, unit) =>
    measureField(fields.subarray(unit * sites, (unit + 1) * sites), geometry),
  );
}

function measureField(field: ArrayLike<number>, geometry: LatticeGeometry): ReceptiveField {
  const { square, ...strength } = fieldStrength(field);
  const center = geometry.shape.map((_, axis) => circularMean(field, geometry, axis));
  const shells = radialShells(field, geometry, center);
  return {
    center,
    radiusOfGyration: Math.sqrt(total(shells.secondMoment) / square),
    ...strength,
    core: measureCore(field, geometry, center, shells, square),
  };
}

/** L/2π · arg Σ r² e^{2πi x/L}: the mean position on a circle of L sites; NaN for a dead unit. */
function circularMean(field: ArrayLike<number>, geometry: LatticeGeometry, axis: number): number {
  const { shape, coordinates, cosines, sines } = geometry;
  let [real, imaginary] = [0, 0];
  for (let site = 0; site < field.length; site++) {
    const weight = field[site] * field[site];
    real += weight * cosines[axis][coordinates[axis][site]];
    imaginary += weight * sines[axis][coordinates[axis][site]];
  }
  if (real === 0 && imaginary === 0) return NaN;
  const position = (atan2(imaginary, real) * shape[axis]) / (2 * Math.PI);
  return position < 0 ? position + shape[axis] : position;
}

/** Σ r² and Σ r² d² over the sites with W − 1 < d ≤ W, for W = 0, 1, 2, … */
interface RadialShells {
  readonly square: Float64Array;
  readonly secondMoment: Float64Array;
}

function radialShells(
  field: ArrayLike<number>,
  geometry: LatticeGeometry,
  center: readonly number[],
): RadialShells {
  const farthest = Math.sqrt(geometry.shape.reduce((sum, side) => sum + (side * side) / 4, 0));
  const square = new Float64Array(Math.ceil(farthest) + 1);
  const secondMoment = new Float64Array(square.length);
  if (center.some(Number.isNaN)) return { square, secondMoment: secondMoment.fill(NaN) };
  for (let site = 0; site < field.length; site++) {
    const d2 = squaredDistance(geometry, site, center);
    const shell = Math.min(square.length - 1, Math.ceil(Math.sqrt(d2)));
    square[shell] += field[site] * field[site];
    secondMoment[shell] += field[site] * field[site] * d2;
  }
  return { square, secondMoment };
}

function measureCore(
  field: ArrayLike<number>,
  geometry: LatticeGeometry,
  center: readonly number[],
  shells: RadialShells,
  square: number,
): FieldCore {
  const { window, inside, secondMoment } = coreWindow(shells, square);
  const core = Float64Array.from(field, (r, site) =>
    squaredDistance(geometry, site, center) <= window * window ? r : 0,
  );
  let [sum, magnitude] = [0, 0];
  for (const r of core) {
    sum += r;
    magnitude += Math.abs(r);
  }
  return {
    window,
    radius: Math.sqrt(secondMoment / inside),
    weight: inside / square,
    signCoherence: Math.abs(sum) / magnitude,
    sign: sum < 0 ? -1 : 1,
    correlationLength: secondMomentLength(core, geometry),
  };
}

/** The window W ≥ 1 of a core, with Σ r² and Σ r² d² inside. */
function coreWindow(
  { square, secondMoment }: RadialShells,
  norm2: number,
): { window: number; inside: number; secondMoment: number } {
  let [inside, moment] = [square[0], secondMoment[0]];
  for (let window = 1; window < square.length; window++) {
    inside += square[window];
    moment += secondMoment[window];
    const wide = window * window * inside >= WINDOW_RADII * WINDOW_RADII * moment;
    if (wide && inside >= WINDOW_WEIGHT * norm2) return { window, inside, secondMoment: moment };
  }
  return { window: square.length - 1, inside, secondMoment: moment };
}

function secondMomentLength(field: Float64Array, geometry: LatticeGeometry): number {
  const { shape, coordinates, cosines, sines } = geometry;
  const lengths = shape.map((side, axis) => {
    let [sum, real, imaginary] = [0, 0, 0];
    for (let site = 0; site < field.length; site++) {
      const x = coordinates[axis][site];
      sum += field[site];
      real += field[site] * cosines[axis][x];
      imaginary += field[site] * sines[axis][x];
    }
    const excess = Math.abs(sum) / Math.sqrt(real * real + imaginary * imaginary) - 1;
    const resolved = Math.abs(excess) < ROUNDING ? 0 : excess;
    return Math.sqrt(resolved) / (2 * sin(Math.PI / side));
  });
  return total(lengths) / lengths.length;
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
