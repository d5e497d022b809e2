import { DomainError } from "../errors/index.js";

/** Largest layer that may be enumerated: 2^24 states. */
export const MAX_ENUMERATED_UNITS = 24;

/** 2^units, the number of states of a layer; DomainError above 24 units. */
export function stateCount(units: number): number {
  if (units > MAX_ENUMERATED_UNITS) {
    throw new DomainError(
      `a sum over 2^${units} states: at most ${MAX_ENUMERATED_UNITS} units are enumerated. Use sampling estimators.`,
    );
  }
  return 2 ** units;
}

/** DomainError unless a table has one number for each state of `units` units. */
export function requireStates(units: number, table: Float64Array): void {
  const states = stateCount(units);
  if (table.length !== states) {
    throw new DomainError(
      `a table of ${table.length} numbers for ${units} units: expected 2^${units} = ${states}.`,
    );
  }
}
