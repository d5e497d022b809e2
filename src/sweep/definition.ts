import type { RawConfig } from "../runs/index.js";

/** A value of one key in one task: a number, text, a switch, or a list such as layer sizes. */
export type AssignedValue = number | string | boolean | readonly AssignedValue[];

/** Values by key as users write them, for example { "sample.temperature": 2.3, seed: "1" }. */
export type Assignment = Readonly<Record<string, AssignedValue>>;

/** One direction of the grid: the keys that advance together, and their values at each point. */
export interface Axis {
  readonly keys: readonly string[];
  readonly points: readonly Assignment[];
}

/** Tasks to leave out: those in which every key has one of its values. */
export type Exclusion = Readonly<Record<string, readonly AssignedValue[]>>;

/** One grid of a sweep: what varies, over what, around which configuration. */
export interface SweepPart {
  /** Null in a sweep that is one grid. */
  readonly name: string | null;
  readonly base: RawConfig;
  /** From the slowest to the fastest. */
  readonly axes: readonly Axis[];
  readonly exclude: readonly Exclusion[];
  /** Keys that are set but whose values could not be read. */
  readonly unreadable: readonly string[];
}

/** A sweep file, checked as far as the file alone can be. */
export interface SweepDefinition {
  readonly name: string;
  readonly parts: readonly SweepPart[];
}
