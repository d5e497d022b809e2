const BISECTIONS = 60;
/** Neighbouring points must differ by this many standard deviations to be told apart. */
const RESOLUTION = 4;

/** An increasing function of the coupling, measured at some couplings, and its derivative there. */
export interface ReferencePoints {
  /** K of each point, ascending. */
  readonly couplings: Float64Array;
  /** The function at each K. */
  readonly values: Float64Array;
  /** Its derivative with respect to K at each. */
  readonly slopes: Float64Array;
  /** One standard deviation of each value. */
  readonly errors: Float64Array;
}

/**
 * A thermometer's scale: the cubic Hermite interpolation of measured points, read backwards. It reaches over the couplings
 * about the middle of its steepest part where neighbouring points differ by 4 standard deviations or more; beyond them the
 * quantity does not tell the temperature.
 */
export class ReferenceCurve {
  readonly #first: number;
  readonly #last: number;

  /**
   * @param points the measured points, at least two
   */
  constructor(private readonly points: ReferencePoints) {
    const { couplings, values, errors } = points;
    const apart = (k: number): boolean =>
      values[k + 1] - values[k] > RESOLUTION * Math.sqrt(errors[k] ** 2 + errors[k + 1] ** 2);
    let first = steepest(couplings, values);
    let last = first + 1;
    while (last + 1 < couplings.length && apart(last)) last++;
    while (first > 0 && apart(first - 1)) first--;
    [this.#first, this.#last] = [first, last];
  }

  /** The couplings between which the quantity tells the temperature. */
  get range(): readonly [number, number] {
    const { couplings } = this.points;
    return [couplings[this.#first], couplings[this.#last]];
  }

  /**
   * The coupling with this value; NaN beyond the range, but for a range that begins at K = 0: noise below that is read off
   * the tangent, as a negative coupling.
   *
   * @param value of the quantity that the points were measured of
   */
  coupling(value: number): number {
    const { couplings, values, slopes } = this.points;
    if (value < values[this.#first]) {
      return this.#first === 0 && couplings[0] === 0 ? (value - values[0]) / slopes[0] : NaN;
    }
    for (let k = this.#first; k < this.#last; k++) {
      if (value <= values[k + 1]) return this.#invert(k, value);
    }
    return NaN;
  }

  /**
   * One standard deviation of a K that was read off, from the errors of the points.
   *
   * @param coupling K as `coupling()` gives it
   */
  error(coupling: number): number {
    const { couplings, slopes, errors } = this.points;
    const [low, high] = this.range;
    const inside = Math.min(high, Math.max(low, coupling));
    if (Number.isNaN(inside)) return NaN;
    let k = this.#first;
    while (k + 1 < this.#last && couplings[k + 1] < inside) k++;
    const share = (inside - couplings[k]) / (couplings[k + 1] - couplings[k]);
    const error = (1 - share) * errors[k] + share * errors[k + 1];
    return error / Math.abs(coupling < low ? slopes[0] : this.#slope(k, share));
  }

  #invert(k: number, value: number): number {
    let [low, high] = [0, 1];
    for (let step = 0; step < BISECTIONS; step++) {
      const middle = (low + high) / 2;
      if (this.#value(k, middle) < value) low = middle;
      else high = middle;
    }
    const { couplings } = this.points;
    return couplings[k] + low * (couplings[k + 1] - couplings[k]);
  }

  /** Between the points k and k + 1, t from 0 to 1. */
  #value(k: number, t: number): number {
    const { couplings, values, slopes } = this.points;
    const h = couplings[k + 1] - couplings[k];
    const u = 1 - t;
    return (
      u * u * (1 + 2 * t) * values[k] +
      t * t * (1 + 2 * u) * values[k + 1] +
      h * t * u * (u * slopes[k] - t * slopes[k + 1])
    );
  }

  #slope(k: number, t: number): number {
    const { couplings, values, slopes } = this.points;
    const h = couplings[k + 1] - couplings[k];
    const u = 1 - t;
    return (
      (6 * t * u * (values[k + 1] - values[k])) / h +
      u * (1 - 3 * t) * slopes[k] +
      t * (1 - 3 * u) * slopes[k + 1]
    );
  }
}

/** The interval over which the values rise most. */
function steepest(couplings: Float64Array, values: Float64Array): number {
  const rise = (k: number): number => (values[k + 1] - values[k]) / (couplings[k + 1] - couplings[k]);
  let best = 0;
  for (let k = 1; k + 1 < couplings.length; k++) if (rise(k) > rise(best)) best = k;
  return best;
}
