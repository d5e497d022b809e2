import type { Row } from "./comparison.js";
import type { Program } from "./program.js";
import type { Toolbox } from "./toolbox.js";

/** What every section works with. */
export interface Bench {
  /** The repository's root. */
  readonly root: URL;
  readonly program: Program;
  readonly tools: Toolbox;
  readonly cores: number;
  readonly rounds: number;
  /** Small work, to test the bench itself. */
  readonly quick: boolean;
  /** Epochs of the end-to-end run; the paper's 200 are computed from them unless they are run. */
  readonly epochs: number;
  /** Rounds of the end-to-end run. */
  readonly longRounds: number;
  /** Take the rows of one comparison: they are printed and will be written. */
  readonly report: (rows: readonly Row[]) => void;
  /** Say something about what is measured or left out. */
  readonly note: (message: string) => void;
}

/** One part of the bench. */
export interface Section {
  readonly name: string;
  readonly description: string;
  run(bench: Bench): Promise<void>;
}
