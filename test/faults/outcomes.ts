/** What a run of tests came to. */
export interface Outcomes {
  /** Files that could not be loaded, and why. */
  readonly unloaded: readonly string[];
  readonly tests: readonly TestOutcome[];
}

export interface TestOutcome {
  readonly file: string;
  /** With the names of the suites around it. */
  readonly name: string;
  /** Kind and message of each error; empty: it passed. */
  readonly failures: readonly string[];
}
