import { UsageError } from "../errors/index.js";
import type { SweepPlace } from "../sweep/index.js";
import type { CommonFlags } from "./options.js";

/** Flags of every sweep command. */
export interface SweepFlags extends CommonFlags {
  readonly out?: string;
  readonly scale?: string;
}

/** Flags of those that run tasks, or write a script that does. */
export interface TaskFlags extends SweepFlags {
  readonly kernels?: string;
  readonly retry?: string;
}

const MAX_THREADS = 64;
const MAX_RETRY = 1000;
const MAX_JOBS = 1024;
const kernelNames = ["auto", "wasm", "reference"];

/** Where a sweep's results are. */
export async function sweepPlace(file: string, { out, scale }: SweepFlags): Promise<SweepPlace> {
  if (out?.trim() === "") throw new UsageError("-o needs the name of a folder.");
  const { readSweepName } = await import("../sweep/index.js");
  return { file, folder: out ?? `results/${readSweepName(file, scale)}`, scale };
}

export function readThreads(flag: string, text = "1"): number {
  return readCount(flag, text, 1, MAX_THREADS);
}

export function readRetry(text = "0"): number {
  return readCount("--retry", text, 0, MAX_RETRY);
}

export function readJobs(text: string): number {
  return readCount("--jobs", text, 1, MAX_JOBS);
}

export function readKernelsName(text: string | undefined): string | null {
  if (text !== undefined && !kernelNames.includes(text)) {
    throw new UsageError(`--kernels ${text}: expected one of ${kernelNames.join(", ")}.`);
  }
  return text ?? null;
}

/** A whole number from `least` to `most`. */
export function readCount(flag: string, text: string, least: number, most: number): number {
  const count = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  if (!(count >= least && count <= most)) {
    throw new UsageError(`${flag} ${text}: expected a whole number from ${least} to ${most}.`);
  }
  return count;
}
