/** A mistake that is put into the numeric core on purpose, and the test that must notice it. */
export interface Fault {
  readonly id: string;
  readonly file: string;
  /** A line of the file without its indentation; no other line is like it. */
  readonly line: string;
  /** What stands there instead. */
  readonly planted: string;
  /** What would be wrong. */
  readonly falsifies: string;
  readonly caughtBy: NamedTest;
}

/** The tests of a file whose full name holds `name`. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}
