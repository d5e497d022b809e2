import { significant } from "../statistics/number-text.js";

/** A number for people, four digits. */
export function short(value: number): string {
  return Number.isFinite(value) ? significant(value, 4) : "unknown";
}

/** A number with its interval: `2.07 [1.94, 2.2]`; without the interval where it is not known. */
export function withInterval(value: number, lower: number, upper: number): string {
  const digits = (x: number): string => significant(x, 3);
  if (!Number.isFinite(lower) || !Number.isFinite(upper)) return short(value);
  return `${digits(value)} [${digits(lower)}, ${digits(upper)}]`;
}
