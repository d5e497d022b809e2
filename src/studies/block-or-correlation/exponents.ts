import { DomainError } from "../../errors/index.js";
import { log } from "../../kernels/elementary.js";
import { deriveKey, seedKey, type SeedKey } from "../../random/index.js";
import { bootstrapIndices, leastSquares } from "../../statistics/index.js";
import type { SizePoint } from "./points.js";

/** A number with its 95 % bootstrap interval over the runs; the interval is NaN where there are too few. */
export interface Exponent {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** R = C ξ^a (α^{−1/2})^b. */
export interface SizeLaw {
  readonly runs: number;
  /** a */
  readonly xi: Exponent;
  /** b */
  readonly alpha: Exponent;
  /** √(Σ ε²/(n − 3)), ε the residuals of log R: about the relative scatter of R around the law. */
  readonly scatter: number;
}

/** Runs below which nothing is fitted: three parameters, and something to tell the law from the data. */
const LEAST_RUNS = 6;

const KEY = seedKey("size law");

/**
 * Fit log R = a log ξ + b log α^{−1/2} + c to the runs by least squares; the intervals are of resampled runs. Null with fewer
 * than six runs, or where ξ or α does not vary. `size` is R.
 */
export function fitSizeLaw(points: readonly SizePoint[], size: (point: SizePoint) => number): SizeLaw | null {
  const usable = points.filter((point) => size(point) > 0 && Number.isFinite(size(point)));
  const rows = usable.map((point) => ({
    xi: log(point.xi),
    alpha: -log(point.alpha) / 2,
    size: log(size(point)),
  }));
  const all = Uint32Array.from({ length: rows.length }, (_, index) => index);
  const fit = rows.length < LEAST_RUNS ? null : fitted(rows, all);
  if (fit === null) return null;
  const exponent = (parameter: 0 | 1): Exponent => ({
    value: fit.coefficients[parameter],
    ...interval(rows, parameter, deriveKey(KEY, "bootstrap")),
  });
  return {
    runs: rows.length,
    xi: exponent(0),
    alpha: exponent(1),
    scatter: Math.sqrt(fit.chiSquare / fit.degreesOfFreedom),
  };
}

interface LogRow {
  readonly xi: number;
  readonly alpha: number;
  readonly size: number;
}

/** The fit to some of the rows; null where they do not determine it. */
function fitted(rows: readonly LogRow[], indices: Uint32Array) {
  const column = (value: (row: LogRow) => number): Float64Array =>
    Float64Array.from(indices, (index) => value(rows[index]));
  try {
    return leastSquares(
      [column(({ xi }) => xi), column(({ alpha }) => alpha), column(() => 1)],
      column(({ size }) => size),
    );
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** Both exponents are resampled with the same key, so that they come from the same draws. */
function interval(
  rows: readonly LogRow[],
  parameter: 0 | 1,
  key: SeedKey,
): { readonly lower: number; readonly upper: number } {
  try {
    const statistic = (indices: Uint32Array): number => fitted(rows, indices)?.coefficients[parameter] ?? NaN;
    return bootstrapIndices(rows.length, statistic, { key });
  } catch (error) {
    if (error instanceof DomainError) return { lower: NaN, upper: NaN };
    throw error;
  }
}
