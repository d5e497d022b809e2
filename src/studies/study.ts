import type { Environment } from "../experiment/environment.js";

/** How much of a study to do: seconds to minutes, the packaged setting, or the setting of the paper. */
export const scales = ["smoke", "standard", "paper"] as const;

export type Scale = (typeof scales)[number];

/** One claim, what the run measured of it, and what that says. */
export interface Claim {
  readonly claim: string;
  readonly measured: string;
  readonly verdict: "yes" | "no" | "undecided";
}

export interface StudyRequest {
  readonly scale: Scale;
  /** Folder for everything the study writes. */
  readonly folder: string;
  /** Replaces the packaged seed if given. */
  readonly seed: string | null;
  readonly force: boolean;
}

export interface StudyResult {
  readonly claims: readonly Claim[];
  /** Files worth opening first. */
  readonly highlights: readonly string[];
}

/** A packaged reproduction: which runs, which figures, which verdicts. */
export interface Study {
  readonly name: string;
  /** One line for the help text. */
  readonly question: string;
  run(request: StudyRequest, environment: Environment): Promise<StudyResult>;
}
