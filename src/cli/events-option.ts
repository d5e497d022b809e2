import { isAbsolute, relative, resolve } from "node:path";
import type { Command } from "commander";
import { OutputError, UsageError } from "../errors/index.js";
import { print } from "./output.js";

/** Flags of commands that tell what happens while they work. */
export interface EventsFlags {
  readonly events?: string;
  readonly json?: boolean;
}

/** What stands for standard output. */
const STDOUT = "-";

/** `--events`; commands then work in `withEnvironment` or `withEvents`. */
export function addEventsOption(command: Command): void {
  command.option(
    "--events <file>",
    "append what happens to this file, a JSON object a line; - is stdout, and the summary goes to stderr",
  );
}

/** Where events go; null if nobody wants them. UsageError where they would stand among other output. */
export function eventsTarget({ events, json }: EventsFlags): { readonly file: string | null } | null {
  if (events === undefined) return null;
  if (events.trim() === "") throw new UsageError("--events needs the name of a file, or - for stdout.");
  if (events !== STDOUT) return { file: events };
  if (json === true) {
    throw new UsageError("--events - and --json both write to stdout; give --events a file.");
  }
  return { file: null };
}

/** A folder's manifest vouches for every file in it: events that go on after it is written must lie elsewhere. */
export function requireEventsOutside({ events }: EventsFlags, folder: string): void {
  if (events === undefined || events === STDOUT) return;
  const path = relative(resolve(folder), resolve(events));
  if (path.startsWith("..") || isAbsolute(path)) return;
  throw new OutputError(`--events ${events} is in ${folder}, which is written whole. Choose a file outside.`);
}

/** Print a summary for people: on stdout, or on stderr where stdout has the events. */
export function printSummary(text: string, { events }: EventsFlags): void {
  if (events === STDOUT) process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
  else print(text);
}
