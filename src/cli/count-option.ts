import { UsageError } from "../errors/index.js";

/** The whole number a flag was given, at least `least` and at most `most`; `fallback` without it. UsageError for anything else. */
export function readCount(
  flag: string,
  text: string | undefined,
  least: number,
  fallback: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `≥ ${least}`;
    throw new UsageError(`${flag} ${text}: expected a whole number ${range}.`);
  }
  return value;
}
