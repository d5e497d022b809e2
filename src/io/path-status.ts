import { statSync } from "node:fs";
import { explainReading } from "./input.js";
import { systemErrorCode } from "./system-error.js";

/** What kind of thing lies at a path, and its length in bytes. */
export interface PathStatus {
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/**
 * What lies at `path`, or undefined if nothing does — also where a folder on the way is a file. MissingInputError if the
 * operating system does not tell.
 */
export function pathStatus(path: string): PathStatus | undefined {
  return explainReading(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false });
    } catch (error) {
      if (systemErrorCode(error) === "ENOTDIR") return undefined;
      throw error;
    }
  });
}
