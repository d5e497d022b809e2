import type { Claim } from "../study.js";
import {
  hiddenUnits,
  listed,
  type MeasuredRun,
  objectiveOf,
  reverseDivergence,
  short,
  systemOf,
} from "./final-metrics.js";
import { drawGauges } from "./gauges-figure.js";
import { comparison, type Pair, pairsOf, REACHED, reaches } from "./pairs.js";
import type { OptimumRun } from "./stationarity.js";
import { traceClaims } from "./trace-claims.js";
import { given, verdictOf } from "./verdicts.js";

/** A gap of at most so many nats is closed; from this KL per spin on two distributions are different. */
const CLOSED_GAP = 0.5;
const DIFFERENT_KL = 0.01;

/** (c) The gauges, `trace` and `kl` from the same start: KL and gap against epochs, and where they end. */
export async function concludeGauges(runs: readonly OptimumRun[], folder: string): Promise<readonly Claim[]> {
  const sizes = new Set(runs.filter((run) => objectiveOf(run) === "gauge model").map(hiddenUnits));
  const drawn = runs.filter((run) => sizes.has(hiddenUnits(run)));
  if (drawn.length > 0) await drawGauges(drawn, folder);
  return runs.length === 0 ? [] : judgeGauges(runs);
}

export function judgeGauges(runs: readonly OptimumRun[]): readonly Claim[] {
  return [
    identityClaim(pairsOf(runs, "gauge data")),
    ...traceClaims(pairsOf(runs, "trace")),
    modelClaim(pairsOf(runs, "gauge model")),
    literalClaim(runs.filter((run) => objectiveOf(run) === "gauge literal")),
  ];
}

/**
 * Gauge `data` squares r = KL(P‖P_λ), whose gradient 2r∇r the trainer divides by the curvature 2|r|: what remains is ∇r. That is
 * the trainer's doing and tells nothing of the objective; to see it hold says only that the program does what it should.
 */
function identityClaim(pairs: readonly Pair[]): Claim {
  return {
    claim:
      "an identity, no finding: with exact gradients the gauge `data`, KL², takes the very steps of `kl`, as its gradient " +
      "2 KL ∇KL is divided by its curvature 2 KL; so it reaches the same KL",
    measured: listed(
      pairs,
      (pair) =>
        `${systemOf(pair.run)}: KL/n and ‖λ‖² differ by at most ${short(largestDifference(pair))} in any epoch`,
    ),
    verdict: verdictOf(pairs.map((pair) => given([largestDifference(pair)], (known) => known === 0))),
  };
}

/** The largest difference of KL/n and of ‖λ‖² in any epoch; NaN if a number or an epoch is missing. */
function largestDifference({ run, kl }: Pair): number {
  if (run.metrics.length !== kl.metrics.length) return NaN;
  return run.metrics.reduce((largest, row, index) => {
    const other = kl.metrics[index];
    const differences = [
      Math.abs((row.klPerSpin ?? NaN) - (other.klPerSpin ?? NaN)),
      Math.abs(row.squaredNorm - other.squaredNorm),
    ];
    return Math.max(largest, ...differences);
  }, 0);
}

function modelClaim(pairs: readonly Pair[]): Claim {
  const reverse = (run: MeasuredRun): string => short(reverseDivergence(run.final));
  return {
    claim: `the gauge \`model\`, KL(P_λ‖P)², reaches the KL of \`kl\` (within ${Math.round(100 * (REACHED - 1))} %)`,
    measured: listed(
      pairs,
      (pair) =>
        `${comparison(pair)} (KL(P_λ‖P), which it minimises: ${reverse(pair.run)} against ${reverse(pair.kl)} nats)`,
    ),
    verdict: verdictOf(pairs.map(reaches)),
  };
}

function literalClaim(runs: readonly OptimumRun[]): Claim {
  const closed = runs.filter(({ final }) => Math.abs(final.freeEnergyGap ?? NaN) <= CLOSED_GAP);
  return {
    claim: `closing the literal gap (at most ${CLOSED_GAP} nats) makes the model the data's distribution (KL at most ${DIFFERENT_KL} nats per spin)`,
    measured: listed(
      closed,
      (run) =>
        `${systemOf(run)}: gap ${short(run.final.freeEnergyGap)} nats, KL ${short(run.final.klPerSpin)} nats per spin`,
    ),
    verdict: verdictOf(closed.map(({ final }) => given([final.klPerSpin], (kl) => kl <= DIFFERENT_KL))),
  };
}
