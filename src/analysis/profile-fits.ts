import { exp } from "../kernels/elementary.js";
import { levenbergMarquardt, type ResidualFunction } from "../statistics/levenberg-marquardt.js";
import { type LatticeGeometry, shortestOffset } from "./lattice-geometry.js";

/** Shortest ℓ in sites. */
const SHORTEST = 0.05;

/** Longest ℓ in sides of the lattice. */
const LONGEST = 4;

/** The weights in the window, at their offsets from the field's centre. */
export interface FieldWindow {
  readonly values: Float64Array;
  /** offsets[axis][i] in sites. */
  readonly offsets: readonly Float64Array[];
  /** Σ r² in the window. */
  readonly square: number;
  readonly longest: number;
}

/** One profile fitted to one field. */
export interface ProfileFit {
  /** ℓ in sites; NaN where the data do not hold it within 0.05 … 4L sites. */
  readonly length: number;
  /**
   * One standard deviation of ℓ from the scatter of the weights around the profile, as if they were independent; of a disc
   * half the range of radii that contain the same sites.
   */
  readonly error: number;
  /** Σ ε². */
  readonly residualSquare: number;
}

/** The weights within `radius` of the centre. */
export function fieldWindow(
  field: ArrayLike<number>,
  center: readonly number[],
  radius: number,
  { shape, coordinates, sites }: LatticeGeometry,
): FieldWindow {
  const values: number[] = [];
  const offsets: number[][] = shape.map(() => []);
  let square = 0;
  for (let site = 0; site < sites; site++) {
    const offset = shape.map((side, axis) => shortestOffset(coordinates[axis][site] - center[axis], side));
    if (squareLength(offset) > radius * radius) continue;
    values.push(field[site]);
    square += field[site] * field[site];
    offset.forEach((value, axis) => offsets[axis].push(value));
  }
  return {
    values: Float64Array.from(values),
    offsets: offsets.map((axis) => Float64Array.from(axis)),
    square,
    longest: LONGEST * Math.max(...shape),
  };
}

/** g(d) at a distance d ≥ 0. ∂g/∂(ln ℓ) is the number returned by `pull` times d², ∂g/∂c that times x − c. */
interface Profile {
  readonly value: (distance: number, length: number) => number;
  /** −g′(d)/d from g(d) and d; 0 at the cusp of the exponential, the mean of its two sides. */
  readonly pull: (value: number, distance: number, length: number) => number;
}

export const exponentialProfile: Profile = {
  value: (distance, length) => exp(-distance / length),
  pull: (value, distance, length) => (distance === 0 ? 0 : value / (length * distance)),
};

export const gaussianProfile: Profile = {
  value: (distance, length) => exp((-0.5 * distance * distance) / (length * length)),
  pull: (value, _, length) => value / (length * length),
};

/** Least squares in (A, ln ℓ, centre), from the field's centre and from its largest weight; the better of the two. */
export function fitSmooth(window: FieldWindow, profile: Profile): ProfileFit {
  const { values, offsets, square, longest } = window;
  const peak = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
  const model = residualFunction(window, profile);
  const starts = [offsets.map(() => 0), offsets.map((axis) => axis[peak])].map((center) =>
    levenbergMarquardt(model, Float64Array.of(values[peak], 0, ...center), values.length),
  );
  const fit = starts.reduce((best, next) => (next.residualSquare < best.residualSquare ? next : best));
  const length = exp(fit.parameters[1]);
  const held = length > 1.01 * SHORTEST && length < 0.99 * longest;
  return {
    length: held ? length : NaN,
    error: held ? length * fit.errors[1] : NaN,
    residualSquare: Math.min(square, fit.residualSquare),
  };
}

/** ε_i = A g(|x_i − c|/ℓ) − r_i with p = (A, ln ℓ, c). */
function residualFunction({ values, offsets, longest }: FieldWindow, profile: Profile): ResidualFunction {
  const axes = offsets.length;
  const shift = new Float64Array(axes);
  return (parameters, residuals, jacobian) => {
    const length = exp(parameters[1]);
    if (!(length >= SHORTEST && length <= longest)) return false;
    const amplitude = parameters[0];
    for (let i = 0; i < values.length; i++) {
      for (let axis = 0; axis < axes; axis++) shift[axis] = offsets[axis][i] - parameters[2 + axis];
      const square = squareLength(shift);
      const distance = Math.sqrt(square);
      const value = profile.value(distance, length);
      const slope = amplitude * profile.pull(value, distance, length);
      residuals[i] = amplitude * value - values[i];
      jacobian[0][i] = value;
      jacobian[1][i] = slope * square;
      for (let axis = 0; axis < axes; axis++) jacobian[2 + axis][i] = slope * shift[axis];
    }
    return true;
  };
}

/** The best disc around any point of the half-integer grid within half a site of the centre, its height the mean inside. */
export function fitDisc(window: FieldWindow): ProfileFit {
  let best: ProfileFit = { length: NaN, error: NaN, residualSquare: window.square };
  for (const center of discCenters(window)) {
    const next = bestRadius(window, center);
    if (next.residualSquare < best.residualSquare) best = next;
  }
  return best;
}

function discCenters({ offsets }: FieldWindow): readonly (readonly number[])[] {
  let centers: readonly (readonly number[])[] = [[]];
  for (const axis of offsets) {
    // Sites lie at whole numbers plus the remainder of this offset; the grid of halves nearest to 0 around them.
    const nearest = axis[0] - Math.round(2 * axis[0]) / 2;
    centers = centers.flatMap((center) => [-0.5, 0, 0.5].map((step) => [...center, nearest + step]));
  }
  return centers;
}

/** The radius whose disc leaves the least Σε² = Σr² − (Σ_inside r)²/n_inside. */
function bestRadius({ values, offsets, square }: FieldWindow, center: readonly number[]): ProfileFit {
  // Four times the squared distance to a point of the half-integer grid is a whole number.
  const keys = Int32Array.from(values, (_, i) =>
    Math.round(4 * squareLength(offsets.map((axis, a) => axis[i] - center[a]))),
  );
  const sums = new Float64Array(keys.reduce((a, b) => Math.max(a, b)) + 1);
  const counts = new Float64Array(sums.length);
  keys.forEach((key, i) => {
    sums[key] += values[i];
    counts[key]++;
  });
  let best: ProfileFit = { length: NaN, error: NaN, residualSquare: square };
  let [sum, count, inner] = [0, 0, 0];
  for (let key = 0; key < sums.length; key++) {
    if (counts[key] === 0) continue;
    const outer = Math.sqrt(key) / 2; // the first distance outside the disc judged here
    const residualSquare = count === 0 ? square : Math.max(0, square - (sum * sum) / count);
    if (residualSquare < best.residualSquare) {
      best = { length: (inner + outer) / 2, error: (outer - inner) / 2, residualSquare };
    }
    sum += sums[key];
    count += counts[key];
    inner = outer;
  }
  return best;
}

function squareLength(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let a = 0; a < vector.length; a++) sum += vector[a] * vector[a];
  return sum;
}
