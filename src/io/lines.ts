import { TextDecoder } from "node:util";
import { DataError } from "../errors/index.js";
import { withInput } from "./input.js";

const CHUNK_BYTES = 1 << 20;
/** No line of a sensible table is longer; without a limit a file without line ends would be held whole. */
const MAX_LINE_CHARACTERS = 1 << 26;

/**
 * Call `visit` with every line of a UTF-8 file or pipe, without its line end (`\n` or `\r\n`), and its number from 1.
 * At most the longest line and 1 MiB are held. A byte order mark is dropped. MissingInputError if the file cannot be
 * read; DataError if it is not UTF-8, has lines of more than 64 Mi characters or lines that end in `\r` alone.
 */
export function forEachLine(path: string, visit: (text: string, line: number) => void): void {
  withInput(path, (input) => {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const chunk = new Uint8Array(CHUNK_BYTES);
    let line = 0;
    let rest = "";
    const emit = (text: string): void => {
      visit(withoutReturn(text, path, ++line), line);
    };
    for (let count = input.read(chunk); count > 0; count = input.read(chunk)) {
      const pieces = decode(decoder, chunk.subarray(0, count), path, line).split("\n");
      pieces[0] = rest + pieces[0];
      rest = pieces.pop()!;
      pieces.forEach(emit);
      if (rest.length > MAX_LINE_CHARACTERS) {
        throw new DataError(
          `${path}, line ${line + 1}: more than ${MAX_LINE_CHARACTERS} characters in one line.`,
        );
      }
    }
    rest += decode(decoder, undefined, path, line);
    if (rest !== "") emit(rest);
  });
}

function decode(decoder: TextDecoder, bytes: Uint8Array | undefined, path: string, line: number): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw new DataError(`${path}: not UTF-8 text somewhere after line ${line}. Save it as UTF-8.`, {
      cause: error,
    });
  }
}

function withoutReturn(text: string, path: string, line: number): string {
  const stripped = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (stripped.includes("\r")) {
    throw new DataError(
      `${path}, line ${line}: carriage return inside the line. Save it with Unix line ends.`,
    );
  }
  return stripped;
}
