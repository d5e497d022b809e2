/** More tell nothing of a double. */
const MOST_DIGITS = 17;

/** x with |value| = d.d… · 10^x after rounding to so many significant digits: 0.0996 is 1.0 · 10⁻¹ with two. −∞ for 0. */
export function exponentOf(value: number, digits: number): number {
  return value === 0 ? -Infinity : Number(value.toExponential(digits - 1).split("e")[1]);
}

/** The same after rounding to a multiple of 10^place; −∞ where that may be 0. */
export function exponentAtPlace(value: number, place: number): number {
  const digits = exponentOf(value, MOST_DIGITS) - place + 1;
  return digits < 1 ? -Infinity : exponentOf(value, Math.min(digits, MOST_DIGITS));
}

/** value · 10^power, correctly rounded: the exponent of its decimal form is shifted. */
export function scaledBy(value: number, power: number): number {
  const [digits, exponent] = value.toExponential().split("e");
  return Number(`${digits}e${Number(exponent) + power}`);
}

/** A number rounded to a multiple of 10^place, without an exponent; −0 is 0. */
export function asPlaces(value: number, place: number): string {
  if (place > 0) return `${scaledBy(value, -place).toFixed(0)}${"0".repeat(place)}`.replace(/^-?0+$/, "0");
  const text = value.toFixed(-place);
  return Number(text) === 0 ? text.replace("-", "") : text;
}
