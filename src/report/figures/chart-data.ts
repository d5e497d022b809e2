import { DataError, DomainError } from "../../errors/index.js";
import { exp, log } from "../../kernels/elementary.js";

/** One curve: y against x, in the order in which its points are joined. */
export interface Series {
  /** What the legend calls it. */
  readonly name: string;
  /** Abscissa of each point. */
  readonly x: ArrayLike<number>;
  /** Ordinate of each point, as many. */
  readonly y: ArrayLike<number>;
  /** Half-height of the error band about y, in y's unit; a NaN leaves the band out at that point. */
  readonly error?: ArrayLike<number>;
  /** Lengths of stroke and gap in pixels, instead of the dash the series' position gives it. */
  readonly dash?: readonly number[];
}

/** A straight line at an exactly known value: `y` draws it horizontally, `x` vertically. */
export interface ReferenceLine {
  /** The axis whose value it marks. */
  readonly axis: "x" | "y";
  /** Where it crosses that axis, in its unit. */
  readonly value: number;
  /** Text at its end, outside the axes; default: none. */
  readonly label?: string;
}

/** The contents of one set of axes. */
export interface Curves {
  /** The curves, in the order of the legend. */
  readonly series: readonly Series[];
  /** Whether the horizontal axis is logarithmic; default: false. */
  readonly logX?: boolean;
  /** Whether the vertical axis is logarithmic; default: false. */
  readonly logY?: boolean;
  /** Lines at known values, drawn behind the curves; default: none. */
  readonly referenceLines?: readonly ReferenceLine[];
}

/** A point that can be drawn. Points with the same segment number are joined. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly segment: number;
  /** Ends of the error band, if the point has one. */
  readonly low?: number;
  readonly high?: number;
}

/** The lowest and highest value an axis shows. */
export type Domain = readonly [number, number];

/** @throws DataError if a series' lengths disagree, DomainError for a negative error or an impossible reference line. */
export function checkCurves(curves: Curves): void {
  for (const { name, x, y, error } of curves.series) {
    for (const [what, values] of [["x", x] as const, ["error", error ?? y] as const]) {
      if (values.length !== y.length) {
        throw new DataError(
          `curve "${name}": ${values.length} values of ${what} for ${y.length} of y; expected equally many.`,
        );
      }
    }
    for (let i = 0; i < (error?.length ?? 0); i++) {
      if (error![i] < 0) {
        throw new DomainError(`curve "${name}": error ${error![i]} at point ${i}; expected a number ≥ 0.`);
      }
    }
  }
  for (const { axis, value } of curves.referenceLines ?? []) {
    const logarithmic = axis === "x" ? curves.logX : curves.logY;
    if (!drawable(value, logarithmic)) {
      const expected = logarithmic === true ? "a positive number on a logarithmic axis" : "a finite number";
      throw new DomainError(`reference line at ${axis} = ${value}: expected ${expected}.`);
    }
  }
}

/** The points of a series that can be drawn: finite, and positive on logarithmic axes. Others break the line. */
export function chartPoints({ x, y, error }: Series, { logX, logY }: Curves): ChartPoint[] {
  const points: ChartPoint[] = [];
  let segment = 0;
  for (let i = 0; i < y.length; i++) {
    if (!drawable(x[i], logX) || !drawable(y[i], logY)) {
      segment++;
      continue;
    }
    const band = error !== undefined && Number.isFinite(error[i]);
    const point = { x: x[i], y: y[i], segment };
    points.push(band ? { ...point, low: y[i] - error[i], high: y[i] + error[i] } : point);
  }
  return points;
}

/** The range of both axes: all points, error bands and reference lines, and 4 % of room on either side. */
export function chartDomains(curves: Curves, points: readonly ChartPoint[]): { x: Domain; y: Domain } {
  const references = (axis: "x" | "y"): number[] =>
    (curves.referenceLines ?? []).filter((line) => line.axis === axis).map((line) => line.value);
  const ends = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  return {
    x: paddedDomain([...points.map((point) => point.x), ...references("x")], curves.logX),
    y: paddedDomain([...ends, ...references("y")], curves.logY),
  };
}

function paddedDomain(values: readonly number[], logarithmic = false): Domain {
  const usable = values.filter((value) => drawable(value, logarithmic));
  if (usable.length === 0) return logarithmic ? [1, 10] : [0, 1];
  const scaled = logarithmic ? usable.map(log) : usable;
  const low = scaled.reduce((a, b) => Math.min(a, b));
  const high = scaled.reduce((a, b) => Math.max(a, b));
  const fallback = logarithmic ? 0.5 : Math.abs(low) / 10 || 1; // a single value has no spread to take 4 % of
  const room = high > low ? 0.04 * (high - low) : fallback;
  const ends: Domain = [low - room, high + room];
  return logarithmic ? [exp(ends[0]), exp(ends[1])] : ends;
}

function drawable(value: number, logarithmic = false): boolean {
  return Number.isFinite(value) && (!logarithmic || value > 0);
}
