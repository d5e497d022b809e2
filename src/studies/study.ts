import type { Environment } from "../experiment/environment.js";
import type { ExperimentConfig } from "../runs/index.js";

/** One claim, what the runs measured of it, and what that says. */
export interface Claim {
  readonly claim: string;
  readonly measured: string;
  readonly verdict: "yes" | "no" | "undecided";
}

/** One finished run of a study. */
export interface StudyRun {
  readonly folder: string;
  /** The parts of the study's file that it belongs to. */
  readonly parts: readonly string[];
  readonly config: ExperimentConfig;
  /** The fields of its summary.csv. */
  readonly summary: Readonly<Record<string, string>>;
}

/** What a study draws its conclusions from: all its runs, in the order of its file. */
export interface StudyResults {
  readonly runs: readonly StudyRun[];
  /** Where its own tables and figures go. */
  readonly folder: string;
}

export interface Conclusions {
  readonly claims: readonly Claim[];
  /** Files worth opening first, by their path inside the study's folder. */
  readonly highlights: readonly string[];
}

/**
 * A packaged reproduction: the sweep in configs/studies/<name>.yaml says which runs; `conclude` makes of their results
 * the study's tables, figures and verdicts. It computes little: what takes long belongs into the runs.
 */
export interface Study {
  readonly name: string;
  /** One line for the help text. */
  readonly question: string;
  conclude(results: StudyResults, environment: Environment): Promise<Conclusions>;
}

/** A number of a run's summary; NaN where it has none. */
export function summaryNumber({ summary }: StudyRun, column: string): number {
  const text = summary[column] ?? "";
  return text === "" ? NaN : Number(text);
}
