import { UsageError } from "../errors/index.js";

/** The whole number a flag was given, at least `least`; `fallback` without it. UsageError for anything else. */
export function readCount(flag: string, text: string | undefined, least: number, fallback: number): number {
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${flag} ${text}: expected a whole number ≥ ${least}.`);
  }
  return value;
}
