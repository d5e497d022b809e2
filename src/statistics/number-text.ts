import { asPlaces, exponentAtPlace, exponentOf, scaledBy } from "./decimal-places.js";

/** Digits of an error that are shown; those that follow are noise. */
const ERROR_DIGITS = 2;

/** Digits of a value whose error is zero or unknown. */
const EXACT_DIGITS = 8;

/** Values and errors all below 10 to the first, or any from 10 to the second on, are written with an exponent. */
const [LEAST_EXPONENT, EXPONENT_END] = [-4, 12];

/** What stands for a number that there is not. */
const MISSING = "–";

/** A number for people with so many significant digits, `0.4407`; "–" for one that is not finite. */
export function significant(value: number, digits: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : MISSING;
}

/**
 * A value with its error (one standard deviation, same unit) in parentheses form: the error has two digits and stands for
 * the last digits of the value, −1.41921(34) = −1.41921 ± 0.00034. With a decimal point it is meant as it stands,
 * 2374.0(1.4); from 100 on both are rounded to its second digit, 23739500(1200); small and huge numbers carry a common
 * exponent, 1.500(30)e-12. Without digits for an error — exact (0), unknown (null, NaN, ∞) or below the resolution of the
 * value — the value alone, with `exactDigits` digits; "–" for a value that is not finite.
 */
export function withError(value: number, error: number | null, exactDigits = EXACT_DIGITS): string {
  if (!Number.isFinite(value)) return MISSING;
  if (error === null || !(error > Math.abs(value) * Number.EPSILON) || !Number.isFinite(error)) {
    return significant(value, exactDigits);
  }
  const place = exponentOf(error, ERROR_DIGITS) - (ERROR_DIGITS - 1);
  const leading = Math.max(place + 1, exponentAtPlace(value, place));
  if (leading < LEAST_EXPONENT || leading >= EXPONENT_END) {
    return `${shown(scaledBy(value, -leading), scaledBy(error, -leading), place - leading)}e${leading}`;
  }
  return shown(value, error, place);
}

/** Both rounded to multiples of 10^place. */
function shown(value: number, error: number, place: number): string {
  const text = asPlaces(error, place);
  // Below 1 an error is its digits, as many as stand at the end of the value.
  return `${asPlaces(value, place)}(${text.startsWith("0.") ? String(Number(text.slice(2))) : text})`;
}
