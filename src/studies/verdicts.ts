import { compensatedSum, type Measured } from "../statistics/index.js";
import { withError as parenthesized } from "../statistics/number-text.js";
import { short } from "./number-text.js";
import type { Claim } from "./study.js";

export type { Measured };

export type Verdict = Claim["verdict"];

/** Digits of a number that is exact. */
const DIGITS = 4;

/** `1.1680(42)`; says so where the error is not known. */
export function withError({ value, error }: Measured): string {
  if (!Number.isFinite(value)) return short(value);
  return Number.isFinite(error) ? parenthesized(value, error, DIGITS) : `${short(value)} (error unknown)`;
}

/**
 * Whether a number is within `tolerance` of what is expected, two standard deviations included; undecided where these reach
 * across the border, or where there is no number.
 */
export function within({ value, error }: Measured, expected: number, tolerance: number): Verdict {
  if (!Number.isFinite(value) || !Number.isFinite(error)) return "undecided";
  const off = Math.abs(value - expected);
  if (off + 2 * error <= tolerance) return "yes";
  return off - 2 * error > tolerance ? "no" : "undecided";
}

/** Whether all of several things hold; undecided without any. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("no")) return "no";
  return verdicts.length === 0 || verdicts.includes("undecided") ? "undecided" : "yes";
}

/** A comparison of numbers, any of which may be unknown. */
export function decide(holds: boolean, ...numbers: readonly number[]): Verdict {
  if (numbers.length === 0 || numbers.some((value) => Number.isNaN(value))) return "undecided";
  return holds ? "yes" : "no";
}

/** The largest number; NaN if one of them is NaN, or without any. */
export function largest(values: readonly number[]): number {
  return values.length === 0 ? NaN : Math.max(...values);
}

/** The smallest number; NaN if one of them is NaN, or without any. */
export function smallest(values: readonly number[]): number {
  return values.length === 0 ? NaN : Math.min(...values);
}

/** The mean; NaN without values. */
export function average(values: readonly number[]): number {
  return values.length === 0 ? NaN : compensatedSum(Float64Array.from(values)) / values.length;
}
