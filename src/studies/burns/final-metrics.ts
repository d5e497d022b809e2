import { type Lattice, parseLattice } from "../../ising/lattice.js";
import { type MetricsRow, readMetrics } from "../../runs/index.js";
import { short as shortNumber } from "../number-text.js";
import { type StudyRun, summaryNumber } from "../study.js";
import { withError } from "../verdicts.js";
import type { Recorded } from "./verdicts.js";

/** A run of the study with its metrics, the last of which is what it has come to. */
export interface MeasuredRun extends StudyRun {
  readonly metrics: readonly MetricsRow[];
  readonly final: MetricsRow;
}

/** The runs that belong to parts whose name begins so, with their metrics. */
export function measuredRuns(runs: readonly StudyRun[], part: string): readonly MeasuredRun[] {
  return runs
    .filter(({ parts }) => parts.some((name) => name.startsWith(part)))
    .map((run) => {
      const metrics = readMetrics(run.folder);
      return { ...run, metrics, final: metrics.at(-1)! };
    });
}

/** How figures and claims call what a run has minimised: kl, trace, gauge literal. */
export function objectiveOf({ config: { training } }: MeasuredRun): string {
  return training.objective === "free-energy" ? `gauge ${training.gauge}` : training.objective;
}

/** The number of hidden units, m. */
export function hiddenUnits({ config }: MeasuredRun): number {
  return config.hidden[0];
}

export function latticeOf({ summary }: StudyRun): Lattice {
  return parseLattice(summary["lattice"]);
}

/** The system of a run in words: 4×4, m = 4, K = 0.408. */
export function systemOf(run: MeasuredRun): string {
  return `${run.summary["lattice"].replace("x", "×")}, m = ${hiddenUnits(run)}, K = ${short(summaryNumber(run, "coupling"))}`;
}

/** Whether two runs are about the same lattice, coupling and number of hidden units. */
export function onSameSystem(one: MeasuredRun, other: MeasuredRun): boolean {
  const keys = [one, other].map((run) =>
    [run.summary["lattice"], run.summary["coupling"], hiddenUnits(run)].join(" "),
  );
  return keys[0] === keys[1];
}

/** KL(P_λ‖P) = ⟨D⟩_λ − (F − F_λ), nats, if known. */
export function reverseDivergence({ meanDModel, freeEnergyGap }: MetricsRow): number | null {
  return meanDModel === null || freeEnergyGap === null ? null : meanDModel - freeEnergyGap;
}

/** A number for people, four digits; "unknown" where there is none. */
export function short(value: Recorded): string {
  return shortNumber(value ?? NaN);
}

/** The same with its error, where that is known. */
export function measured(value: Recorded, error: Recorded): string {
  return withError({ value: value ?? NaN, error: error ?? NaN });
}

/** What every run says, in one sentence. */
export function listed<Run>(runs: readonly Run[], text: (run: Run) => string): string {
  return runs.length === 0 ? "no such run" : runs.map(text).join("; ");
}
