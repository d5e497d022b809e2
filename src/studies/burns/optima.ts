import { type Claim, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { hasSettled } from "./convergence.js";
import {
  hiddenUnits,
  latticeOf,
  listed,
  measured,
  type MeasuredRun,
  objectiveOf,
  onSameSystem,
  short,
  systemOf,
} from "./final-metrics.js";
import { excessOf } from "./threshold.js";
import { all, atMost, given, type Holds, not, type Recorded, verdictOf } from "./verdicts.js";

/** A residual of at most this is zero: 1e-4 per weight of a 16 × 4 layer, whose statistics are of order 1. */
const ZERO = 1e-3;

/** An exact residual of at least this is not. */
const NOT_ZERO = 1e-2;

/**
 * A sampled residual of at most so many times its noise floor is zero as far as can be seen; of at least so many, it is not.
 * At the zero RBM the noise is itself proportional to λ, and the residual is zero in absolute terms.
 */
const WITHIN_NOISE = 1.2;
const ABOVE_NOISE = 1.5;

/** A gap of at most so many nats is closed: one known exactly, and one known by sampling. */
const CLOSED_EXACT = 1e-4;
const CLOSED_SAMPLED = 0.5;

/**
 * (a) Burns's table. At the minimum of KL, ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ = 0 (eq. 14) and ‖⟨∇H_λ⟩_λ‖ is not. A minimum of (F − F_λ)²
 * makes −2⟨∇H_λ⟩_λ(F − F_λ) (eq. 15) vanish by its second factor where F can be reached; by its first, "for inexact
 * transformations F ≠ F_λ" (eq. 16, and his table's right column), where it cannot. Writes tables/conditions.csv.
 */
export function concludeOptima(runs: readonly MeasuredRun[], folder: string): readonly Claim[] {
  if (runs.length === 0) return [];
  writeConditions(runs, folder);
  return judgeOptima(runs);
}

/** The claims about the minima of KL, and about those of (F − F_λ)² on the same systems, where F can be reached and where not. */
export function judgeOptima(runs: readonly MeasuredRun[]): readonly Claim[] {
  const literal = runs.filter((run) => objectiveOf(run) === "gauge literal");
  return [
    divergenceClaim(
      runs.filter((run) => objectiveOf(run) === "kl" && literal.some((other) => onSameSystem(run, other))),
    ),
    reachedClaim(literal.filter((run) => excess(run) > 0)),
    unreachedClaim(literal.filter((run) => excess(run) < 0)),
  ];
}

function divergenceClaim(runs: readonly MeasuredRun[]): Claim {
  // A residual that is left says only that the minimum is not reached yet.
  const atMinimum = (run: MeasuredRun): Holds => {
    const { conditionKl, conditionKlNoise } = run.final;
    const settled = conditionKlNoise === 0 ? hasSettled(run, ({ klPerSpin }) => klPerSpin) : true;
    return all(settled, isZero(conditionKl, conditionKlNoise)) === true ? true : null;
  };
  return {
    claim:
      "at the minimum of KL, ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ = 0 (Burns eq. 14; where sampled, to noise) and ‖⟨∇H_λ⟩_λ‖ is not",
    measured: listed(
      runs,
      (run) =>
        `${systemOf(run)}: ${withNoise(run.final.conditionKl, run.final.conditionKlNoise)} and ` +
        withNoise(run.final.conditionRg, run.final.conditionRgNoise),
    ),
    verdict: verdictOf(runs.map((run) => all(atMinimum(run), not(ownConditionMet(run))))),
  };
}

/** Where F can be reached; a run that has not come to it says nothing. */
function reachedClaim(runs: readonly MeasuredRun[]): Claim {
  return {
    claim:
      "where |F − F_λ| is brought to zero, the gradient −2⟨∇H_λ⟩_λ(F − F_λ) of Burns's eq. 15 vanishes by its second factor " +
      "alone: ⟨∇H_λ⟩_λ ≠ 0, and eq. 16 (his table's right column), derived for F ≠ F_λ, is not a condition there",
    measured: listed(runs, describeLiteral),
    verdict: verdictOf(runs.map((run) => (gapIsClosed(run) === true ? not(ownConditionMet(run)) : null))),
  };
}

function unreachedClaim(runs: readonly MeasuredRun[]): Claim {
  const met = (run: MeasuredRun): Holds =>
    unlessUnfinished(
      ownConditionMet(run),
      hasSettled(run, ({ squaredNorm }) => squaredNorm),
    );
  return {
    claim:
      "where F is out of reach, ln Z < (n + m) ln 2, the gap stays and the minimum is where Burns's eq. 16 holds, " +
      "⟨∇H_λ⟩_λ = 0: the zero RBM",
    measured: listed(runs, describeLiteral),
    verdict: verdictOf(runs.map((run) => all(not(gapIsClosed(run)), met(run)))),
  };
}

function describeLiteral(run: MeasuredRun): string {
  const { freeEnergyGap, freeEnergyGapError, conditionRg, conditionRgNoise, squaredNorm } = run.final;
  return (
    `${systemOf(run)}: gap ${measured(freeEnergyGap, freeEnergyGapError)} nats, ‖⟨∇H_λ⟩_λ‖ = ${withNoise(conditionRg, conditionRgNoise)}, ` +
    `‖λ‖² = ${short(squaredNorm)}`
  );
}

/** Whether ⟨∇H_λ⟩_λ = 0. */
function ownConditionMet({ final: { conditionRg, conditionRgNoise } }: MeasuredRun): Holds {
  return isZero(conditionRg, conditionRgNoise);
}

/** Null between what is zero and what is clearly not. */
function isZero(residual: Recorded, noise: Recorded): Holds {
  return given([residual, noise], (found, floor) => {
    if (found <= Math.max(ZERO, WITHIN_NOISE * floor)) return true;
    return found >= Math.max(NOT_ZERO, ABOVE_NOISE * floor) ? false : null;
  });
}

/** A condition that is not met speaks against the claim only where training has come to its end. */
function unlessUnfinished(met: Holds, settled: Holds): Holds {
  return met === false && settled !== true ? null : met;
}

function gapIsClosed({ final }: MeasuredRun): Holds {
  const { freeEnergyGap, freeEnergyGapError, logPartitionReliable } = final;
  if (freeEnergyGap === null || logPartitionReliable !== 1) return null;
  const limit = freeEnergyGapError === 0 ? CLOSED_EXACT : CLOSED_SAMPLED;
  return atMost(Math.abs(freeEnergyGap), freeEnergyGapError, limit);
}

/** ln Z − (n + m) ln 2 of the run's system, nats. */
function excess(run: MeasuredRun): number {
  return excessOf(latticeOf(run), summaryNumber(run, "coupling"), hiddenUnits(run));
}

function withNoise(residual: number | null, noise: number | null): string {
  return noise === 0 ? short(residual) : `${short(residual)} (noise ${short(noise)})`;
}

function writeConditions(runs: readonly MeasuredRun[], folder: string): void {
  const columns = [
    "objective",
    "gauge",
    "lattice",
    "hidden",
    "coupling",
    "log_partition_excess",
    "condition_kl",
    "condition_kl_noise",
    "condition_rg",
    "condition_rg_noise",
    "free_energy_gap",
    "free_energy_gap_error",
    "kl_per_spin",
    "squared_norm",
  ];
  const rows = runs.map((run) => {
    const { config, summary, final } = run;
    return [
      config.training.objective,
      config.training.objective === "free-energy" ? config.training.gauge : null,
      summary["lattice"],
      hiddenUnits(run),
      summaryNumber(run, "coupling"),
      excess(run),
      final.conditionKl,
      final.conditionKlNoise,
      final.conditionRg,
      final.conditionRgNoise,
      final.freeEnergyGap,
      final.freeEnergyGapError,
      final.klPerSpin,
      final.squaredNorm,
    ];
  });
  writeTable(folder, "conditions", columns, rows);
}
