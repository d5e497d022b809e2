import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bin } from "./run.js";

/** A program that is running. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** What it has written to stderr so far. */
  readonly stderr: () => string;
  /** Its end: exit code or signal, and everything on stderr. */
  readonly ended: Promise<{
    readonly status: number | null;
    readonly signal: string | null;
    readonly stderr: string;
  }>;
}

/** Start the built program in a folder. */
export function start(folder: string, ...args: readonly string[]): RunningProgram {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
  const ended = once(child, "close").then(([status, signal]) => ({
    status: status as number | null,
    signal: signal as string | null,
    stderr: text,
  }));
  return { child, stderr: () => text, ended };
}

/** Wait until `holds` is true, looking every few milliseconds; an error after a minute. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let count = 0; count < 120_000; count++) {
    if (holds()) return;
    await sleep(5);
  }
  throw new Error(`waited ten minutes in vain until ${what}`);
}

/** Whether a run has written a checkpoint. */
export function hasCheckpoint(run: string): boolean {
  return existsSync(join(run, "checkpoint", "a.checkpoint"));
}

/** The manifest of a run. */
export function manifestOf(run: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(run, "manifest.json"), "utf8")) as Record<string, unknown>;
}

/** Every file below a run folder, hidden ones included, with its bytes; of the manifest only what has no clock in it. */
export function everything(run: string): Map<string, string> {
  const paths = readdirSync(run, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(run, path)).isFile(),
  );
  return new Map(
    paths.sort().map((path) => {
      if (path !== "manifest.json") return [path, readFileSync(join(run, path)).toString("base64")];
      const { identity, status, dataset, kernels, config, files, error } = manifestOf(run);
      return [path, JSON.stringify({ identity, status, dataset, kernels, config, files, error })];
    }),
  );
}
