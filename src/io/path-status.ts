import { type Stats, statSync } from "node:fs";
import { explainReading } from "./input.js";
import { systemErrorCode } from "./system-error.js";

/**
 * What lies at `path`, or undefined if nothing does — also where a folder on the way is a file. MissingInputError if the
 * operating system does not tell.
 */
export function pathStatus(path: string): Stats | undefined {
  return explainReading(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false });
    } catch (error) {
      if (systemErrorCode(error) === "ENOTDIR") return undefined;
      throw error;
    }
  });
}
