import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { explainWriting } from "../io/output-failure.js";
import { systemErrorCode } from "../io/system-error.js";

/** Milliseconds between two looks at a reader that is slow. */
const PATIENCE = 20;

const STDOUT = 1;
const NEWLINE = 10;

/**
 * Appends lines to a file, a pipe or standard output, each with one write of its own: however the process ends, a file
 * holds whole lines, and several processes may append to one file. A pipe takes lines of up to 4096 bytes whole. Where a
 * pipe does not block, lines wait for a slow reader in memory, and the work goes on.
 */
export class LineWriter {
  readonly #path: string;
  readonly #file: number;
  readonly #waiting: Buffer[] = [];
  /** Bytes of the first line waiting that are written. */
  #written = 0;
  #open = true;

  /** `path` null is standard output. OutputError if the file cannot be written. */
  constructor(path: string | null) {
    this.#path = path ?? "standard output";
    this.#file = path === null ? STDOUT : openAtLine(path);
  }

  /** Write a line, or have it wait. OutputError if it cannot be written; nothing of it is left then in a file. */
  write(line: string): void {
    this.#waiting.push(Buffer.from(`${line}\n`, "utf8"));
    this.#flush();
  }

  /** Wait until all lines are written, or cannot be. */
  async close(): Promise<void> {
    try {
      this.#flush();
      while (this.#waiting.length > 0) {
        await sleep(PATIENCE);
        this.#flush();
      }
    } finally {
      this.discard();
    }
  }

  /** Close without waiting for a reader, also after a failure. */
  discard(): void {
    this.#waiting.length = 0;
    if (!this.#open) return;
    this.#open = false;
    try {
      if (this.#file !== STDOUT) closeSync(this.#file);
    } catch {
      // What could not be written has been said, or is no longer of interest.
    }
  }

  #flush(): void {
    while (this.#waiting.length > 0) {
      const [line] = this.#waiting;
      try {
        this.#written += explainWriting(this.#path, () => writeSync(this.#file, line, this.#written));
      } catch (error) {
        if (isBusy(error)) return;
        this.#removeTorn();
        throw error;
      }
      if (this.#written < line.length) continue;
      this.#waiting.shift();
      this.#written = 0;
    }
  }

  /** A disk that fills up takes the beginning of a line; it is taken back. */
  #removeTorn(): void {
    if (this.#written === 0) return;
    const status = fstatSync(this.#file);
    if (status.isFile()) ftruncateSync(this.#file, status.size - this.#written);
    this.#written = 0;
  }
}

/** Whether a pipe is full, which `explainWriting` has wrapped. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && systemErrorCode(error.cause) === "EAGAIN";
}

/** Open a file to append whole lines: one whose last line is torn, by a power cut, gets its end first. */
function openAtLine(path: string): number {
  return explainWriting(path, () => {
    const file = openSync(path, "a");
    if (endsTorn(path, file)) writeSync(file, "\n");
    return file;
  });
}

/** A pipe must not be opened to be read: this process would be its reader, and never learn that there is no other. */
function endsTorn(path: string, file: number): boolean {
  const status = fstatSync(file);
  if (!status.isFile() || status.size === 0) return false;
  const reader = openSync(path, "r");
  try {
    const last = Buffer.alloc(1);
    return readSync(reader, last, 0, 1, status.size - 1) === 1 && last[0] !== NEWLINE;
  } finally {
    closeSync(reader);
  }
}
