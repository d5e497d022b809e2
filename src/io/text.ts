import { appendFileSync, readFileSync } from "node:fs";
import { DataError } from "../errors/index.js";
import { explainReading } from "./input.js";
import { jsonErrorOffset } from "./json-error.js";
import { explainWriting } from "./output-failure.js";
import { messageOf } from "./system-error.js";

/**
 * The text of a UTF-8 file or pipe, without a byte order mark. MissingInputError if it cannot be read, DataError if it
 * is not UTF-8.
 */
export function readText(path: string): string {
  const bytes = explainReading(path, () => readFileSync(path));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DataError(`${path} is not UTF-8 text (${messageOf(error)}). Save it as UTF-8.`, {
      cause: error,
    });
  }
}

/** The value in a JSON file. Errors as `readText`; DataError with line and column if the text is not JSON. */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const before = text.slice(0, jsonErrorOffset(text)).split("\n");
    const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    throw new DataError(`${path}, ${where}: not valid JSON (${messageOf(error)}).`, { cause: error });
  }
}

/** Append text to a file such as a log, which is made if it is missing. OutputError if the file system refuses. */
export function appendText(path: string, text: string): void {
  explainWriting(path, () => {
    appendFileSync(path, text);
  });
}
