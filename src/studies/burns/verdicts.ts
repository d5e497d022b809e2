import type { Claim } from "../study.js";

/** Whether a case holds; null where its numbers do not say. */
export type Holds = boolean | null;

/** A number that a table may not have. */
export type Recorded = number | null | undefined;

/** An error bar within which a number may be on either side of a limit, in standard deviations. */
const SIGMAS = 2;

/**
 * A claim about all cases: "no" if one of them does not hold; else "undecided" if one is unknown, or if there is none to
 * judge; else "yes".
 */
export function verdictOf(cases: readonly Holds[]): Claim["verdict"] {
  if (cases.includes(false)) return "no";
  return cases.length === 0 || cases.includes(null) ? "undecided" : "yes";
}

/** Whether a case holds, from the numbers it rests on; null if one of them is missing or not finite. */
export function given<const Numbers extends readonly Recorded[]>(
  numbers: Numbers,
  holds: (...known: { -readonly [K in keyof Numbers]: number }) => Holds,
): Holds {
  const known = numbers.every((number) => number !== null && number !== undefined && Number.isFinite(number));
  return known ? holds(...(numbers as { -readonly [K in keyof Numbers]: number })) : null;
}

/** Whether value ± error (one standard deviation) is at most `limit`; null where the error leaves it open. */
export function atMost(value: Recorded, error: Recorded, limit: number): Holds {
  return given([value, error], (known, spread) => {
    if (known + SIGMAS * spread <= limit) return true;
    return known - SIGMAS * spread > limit ? false : null;
  });
}

/** The contrary: null stays null. */
export function not(holds: Holds): Holds {
  return holds === null ? null : !holds;
}

/** Whether all hold; null if none fails and one is unknown. */
export function all(...cases: readonly Holds[]): Holds {
  if (cases.includes(false)) return false;
  return cases.includes(null) ? null : true;
}
