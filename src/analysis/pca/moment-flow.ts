import { deriveKey, type SeedKey } from "../../random/index.js";
import { bootstrapIndices, quantile } from "../../statistics/index.js";
import { independentUnitMoments, type UnitCumulants } from "./independent-units.js";
import type { KeptEnd, ModeMoments, MomentSums } from "./mode-moments.js";
import type { SymmetricEigen } from "../../statistics/symmetric-eigen.js";

/** The normalised fourth moments ⟨φ̂_i⁴⟩/⟨φ̂_i²⟩² of all units at one number of modes. */
export interface MomentRung {
  /** Which modes are kept. */
  readonly end: KeptEnd;
  /** Modes kept. */
  readonly modes: number;
  /** f, modes kept over N. */
  readonly fraction: number;
  /** Median over the units; 3 for Gaussian ones. */
  readonly median: number;
  /** Lower quartile over the units. */
  readonly lowerQuartile: number;
  /** Upper quartile over the units. */
  readonly upperQuartile: number;
  /** 95 % bootstrap interval of the median, over groups of rows. */
  readonly interval: readonly [number, number];
  /** One standard deviation of the median, by the same bootstrap. */
  readonly standardError: number;
  /** Median over the units if they were independent; see `independentUnitMoments`. */
  readonly independent: number;
}

/** A Gaussian variable's ⟨φ⁴⟩/⟨φ²⟩². */
export const GAUSSIAN = 3;

/** Below this share of a unit's variance what is left of it is rounding. */
const ROUNDING = 1e-20;

/**
 * The flow from all modes to one, for both ends of the spectrum, each from few modes to many. Modes that were found in the
 * same rows have the largest variance in these rows by chance too, which moves medians by order √(N/S).
 */
export function momentFlow(moments: ModeMoments, eigen: SymmetricEigen, key: SeedKey): readonly MomentRung[] {
  const { ladder, largest, smallest } = moments;
  const size = eigen.size;
  const full = total(largest[ladder.length - 1], null);
  const rows = moments.groupRows.reduce((sum, count) => sum + count, 0);
  const cumulants = unitCumulants(full, rows);
  const nulls = independentUnitMoments(eigen, ladder, cumulants);
  const floor = full.squares.map((square) => ROUNDING * square);
  const rungs: MomentRung[] = [];
  ladder.forEach((modes, rung) => {
    const describe = (end: KeptEnd, kept: number, sums: readonly MomentSums[], expected: Float64Array) => ({
      ...describeRung(
        sums,
        moments.groupRows,
        floor,
        deriveKey(key, "analysis", rung, end === "largest" ? 0 : 1),
      ),
      end,
      modes: kept,
      fraction: kept / size,
      independent: middle(expected.filter(Number.isFinite), 0.5),
    });
    rungs.push(describe("largest", modes, largest[rung], nulls.largest[rung]));
    if (modes < size) rungs.push(describe("smallest", size - modes, smallest[rung], nulls.smallest[rung]));
  });
  const order = (rung: MomentRung): number => (rung.end === "largest" ? 0 : 2 * size) + rung.modes;
  return rungs.sort((a, b) => order(a) - order(b));
}

/** Variance and fourth cumulant of every unit by itself, from its sums over `rows` rows. */
export function unitCumulants({ squares, fourths }: MomentSums, rows: number): UnitCumulants {
  const variances = squares.map((sum) => sum / rows);
  return { variances, fourth: fourths.map((sum, i) => sum / rows - 3 * variances[i] * variances[i]) };
}

/** Sums over the groups, each as often as it was drawn; once each without `drawn`. */
export function total(groups: readonly MomentSums[], drawn: ArrayLike<number> | null): MomentSums {
  const size = groups[0].squares.length;
  const out = { squares: new Float64Array(size), fourths: new Float64Array(size) };
  const count = drawn?.length ?? groups.length;
  for (let g = 0; g < count; g++) {
    const { squares, fourths } = groups[drawn === null ? g : drawn[g]];
    for (let i = 0; i < size; i++) {
      out.squares[i] += squares[i];
      out.fourths[i] += fourths[i];
    }
  }
  return out;
}

function describeRung(
  groups: readonly MomentSums[],
  groupRows: Uint32Array,
  floor: Float64Array,
  key: SeedKey,
): Pick<MomentRung, "median" | "lowerQuartile" | "upperQuartile" | "interval" | "standardError"> {
  const ratios = (drawn: ArrayLike<number> | null): Float64Array => {
    const indices = drawn ?? groups.map((_, g) => g);
    let rows = 0;
    for (let g = 0; g < indices.length; g++) rows += groupRows[indices[g]];
    const { squares, fourths } = total(groups, drawn);
    return fourths
      .map((fourth, i) => (squares[i] > floor[i] ? (fourth * rows) / (squares[i] * squares[i]) : NaN))
      .filter(Number.isFinite);
  };
  const own = ratios(null);
  const summary = {
    median: middle(own, 0.5),
    lowerQuartile: middle(own, 0.25),
    upperQuartile: middle(own, 0.75),
  };
  if (groups.length < 2 || own.length === 0) return { ...summary, interval: [NaN, NaN], standardError: NaN };
  const resampled = bootstrapIndices(groups.length, (drawn) => middle(ratios(drawn), 0.5), {
    key,
    resamples: 200,
  });
  return { ...summary, interval: [resampled.lower, resampled.upper], standardError: resampled.standardError };
}

function middle(values: Float64Array, p: number): number {
  return values.length === 0 ? NaN : quantile(values, p);
}
