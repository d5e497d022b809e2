/** An array that is part of a state. */
export type StateArray = Float32Array | Float64Array | Uint32Array;

/** Arrays by name. They are the live arrays, not copies. */
export type StateArrays = Readonly<Record<string, StateArray>>;

/**
 * All that training of one layer remembers from one update to the next: random numbers are addressed by the epoch and the
 * update, and the order of the rows by the epoch, so they need no place here. The arrays are those that training
 * changes: they hold this state until the next update.
 */
export interface LayerState {
  /** Updates made so far, over all epochs. */
  readonly update: number;
  /** What training changes, by name. */
  readonly arrays: StateArrays;
}

/** A state to go on from. */
export interface LayerResume {
  /** Updates that were made before, at least 1. */
  readonly update: number;
  /** Fill the arrays of the layer, named and sized as when the state was captured. */
  readonly restore: (arrays: StateArrays) => void;
}

/** The arrays of several parts under the names `part.array`. */
export function joinArrays(parts: Readonly<Record<string, StateArrays>>): StateArrays {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, arrays]) =>
      Object.entries(arrays).map(([name, array]) => [`${part}.${name}`, array] as const),
    ),
  );
}
