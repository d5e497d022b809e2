import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DataError, MissingInputError } from "../errors/index.js";
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

/** A file on disk of which any part can be read. */
export interface RandomInput {
  readonly path: string;
  /** Length in bytes. */
  readonly size: number;
  /** `length` bytes from `position` on, fewer where the file ends. */
  readonly readAt: (position: number, length: number) => Uint8Array;
}

/** Open a file on disk to read it at any place; see `withInput`. DataError for pipes and devices. */
export function withRandomInput<T>(path: string, use: (input: RandomInput) => T): T {
  return explainReading(path, () => {
    const descriptor = openSync(path, "r");
    try {
      const status = fstatSync(descriptor);
      if (status.isDirectory()) throw folderInstead(path);
      if (!status.isFile()) throw new DataError(`${path} is a pipe or a device; expected a file on disk.`);
      const readAt = (position: number, length: number): Uint8Array => {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, status.size - position)));
        let from = position;
        const read = (into: Uint8Array): number => {
          const count = readSync(descriptor, into, 0, into.length, from);
          from += count;
          return count;
        };
        return bytes.subarray(0, fill(read, bytes));
      };
      return use({ path, size: status.size, readAt });
    } finally {
      closeSync(descriptor);
    }
  });
}

/** An input whose bytes are in memory, called `path` in messages. */
export function bytesInput(path: string, bytes: Uint8Array): Input {
  let position = 0;
  return {
    path,
    size: bytes.length,
    regular: true,
    read: (into) => {
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      position += piece.length;
      return piece.length;
    },
  };
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
  return fill(input.read, into);
}

function fill(read: Input["read"], into: Uint8Array): number {
  /** One read of the operating system moves less than 2^31 bytes. */
  const most = 2 ** 30;
  let filled = 0;
  while (filled < into.length) {
    const count = read(into.subarray(filled, Math.min(into.length, filled + most)));
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
