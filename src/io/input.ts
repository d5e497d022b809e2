import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { MissingInputError } from "../errors/index.js";
import { messageOf, systemErrorCode } from "./system-error.js";

/** A file opened for reading. */
export interface Input {
  readonly path: string;
  /** Length in bytes; means nothing unless the input is a regular file. */
  readonly size: number;
  /** False for pipes, terminals and devices, which can only be read once from front to back. */
  readonly regular: boolean;
  /** Read the next bytes into `into`; the number of bytes read, 0 at the end. */
  readonly read: (into: Uint8Array) => number;
}

/**
 * Open `path`, give it to `use` and close it whatever happens. Anything the operating system refuses becomes a
 * MissingInputError that names the file.
 */
export function withInput<T>(path: string, use: (input: Input) => T): T {
  return explainReading(path, () => {
    const descriptor = openSync(path, "r");
    try {
      const status = fstatSync(descriptor);
      if (status.isDirectory()) throw folderInstead(path);
      return use({
        path,
        size: status.size,
        regular: status.isFile(),
        read: (into) => readSync(descriptor, into),
      });
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Read from `input` until `into` is full or the input ends; the number of bytes read. */
export function readFully(input: Input, into: Uint8Array): number {
  /** One read of the operating system moves less than 2^31 bytes. */
  const most = 2 ** 30;
  let filled = 0;
  while (filled < into.length) {
    const count = input.read(into.subarray(filled, Math.min(into.length, filled + most)));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** The result of `use`, which reads `path`; what the operating system refuses becomes a MissingInputError. */
export function explainReading<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code === "EISDIR") throw folderInstead(path);
    throw new MissingInputError(`${path}: ${reason(code, error)}`, { cause: error });
  }
}

function folderInstead(path: string): MissingInputError {
  return new MissingInputError(`${path} is a folder; expected a file. Name a file inside it.`);
}

function reason(code: string, error: unknown): string {
  switch (code) {
    case "ENOENT":
      return "no such file. Check the spelling and the folder you are in.";
    case "ENOTDIR":
      return "a part of this path is a file, not a folder. Check the spelling.";
    case "EACCES":
    case "EPERM":
      return "no permission to read this file. Change its permissions or name another one.";
    default:
      return `cannot be read (${messageOf(error)}).`;
  }
}
