import { UsageError } from "../errors/index.js";

/** The value of a flag that takes one of a few names; undefined where it is not given. UsageError for another name. */
export function oneOf<const T extends readonly string[]>(
  flag: string,
  text: string | undefined,
  known: T,
): T[number] | undefined {
  if (text === undefined) return undefined;
  const found = known.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${flag} ${text}: expected one of ${known.join(", ")}.`);
  return found;
}
