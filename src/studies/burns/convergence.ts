import type { MetricsRow } from "../../runs/index.js";
import type { MeasuredRun } from "./final-metrics.js";
import type { OptimumRun } from "./stationarity.js";
import { all, given, type Holds } from "./verdicts.js";

/** The share of its epochs at the end of which a run must have stopped changing. */
const LAST_SHARE = 0.1;

/** What a quantity may change by over these epochs, relative to its end: a tenth of the 5 % that divergences are compared within. */
const STILL = 0.005;

/**
 * A slope of at most this is none: 1e-4 per weight of a 16 × 4 layer, whose statistics are of order 1. The last steps of Adam
 * leave as much while KL has stopped changing in its sixth digit.
 */
const FLAT = 1e-3;

/**
 * Whether a quantity of a run has stopped changing: by at most 0.5 % over the last tenth of the epochs. Null where it is not
 * known, or where there are too few epochs to tell.
 */
export function hasSettled({ metrics, final }: MeasuredRun, of: (row: MetricsRow) => number | null): Holds {
  const before = metrics[metrics.length - 1 - Math.floor(LAST_SHARE * metrics.length)] ?? final;
  if (before === final) return null;
  return given([of(before), of(final)], (earlier, end) => Math.abs(earlier - end) <= STILL * Math.abs(end));
}

/**
 * Whether a run has come to a minimum of its objective: KL does not change any more, and not only because the rate has fallen,
 * as the objective has no slope left.
 */
export function hasConverged(run: OptimumRun): Holds {
  const flat = given([run.slope], (slope) => slope <= FLAT);
  return all(
    flat,
    hasSettled(run, ({ klPerSpin }) => klPerSpin),
  );
}
