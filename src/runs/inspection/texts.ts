import * as v from "valibot";
import { RbmRgError } from "../../errors/index.js";
import { readText } from "../../io/index.js";
import { eventNames } from "../events.js";
import { type Fact, type FileFacts, flatten } from "./inspection.js";

/** The lines of a log, and the commands in it. */
export function logFacts(path: string): FileFacts {
  const lines = linesOf(path);
  const starts = lines.filter((line) => /^# \d{4}-\d\d-\d\dT/.test(line));
  const facts: Fact[] = [["lines", String(lines.length)]];
  if (starts.length > 0)
    facts.push(["starts", String(starts.length)], ["last start", starts.at(-1)!.slice(2)]);
  if (lines.length > 0) facts.push(["last line", lines.at(-1)!]);
  return { kind: "log", facts };
}

/** What a batch script tells SLURM. */
export function scriptFacts(path: string): FileFacts {
  const settings = linesOf(path).flatMap((line): readonly Fact[] => {
    const [, name, value] = (/^#SBATCH --([\w-]+)(?:=(.*))?$/.exec(line) ?? []) as (string | undefined)[];
    return name === undefined ? [] : [[name, value ?? "yes"]];
  });
  return { kind: "shell script", facts: settings };
}

const lineSchema = v.object({
  event: v.picklist(eventNames),
  time: v.string(),
  message: v.optional(v.string()),
});

/** How often each event occurs, and how it ends; null if the file holds none. */
export function eventFacts(path: string): FileFacts | null {
  const lines = linesOf(path);
  // A file of something else is not looked through to its end; the first line of one of events may be torn.
  if (!lines.slice(0, 2).some((line) => v.is(lineSchema, parsed(line)))) return null;
  const events = lines.flatMap((line) => {
    const result = v.safeParse(lineSchema, parsed(line));
    return result.success ? [result.output] : [];
  });
  const [first, last] = [events[0], events[events.length - 1]];
  const counts: Record<string, number> = {};
  for (const { event } of events) counts[event] = (counts[event] ?? 0) + 1;
  return {
    kind: "events",
    facts: [
      ...flatten(counts),
      ...(lines.length === events.length
        ? []
        : ([["other lines", String(lines.length - events.length)]] as const)),
      ["from", first.time],
      ["to", last.time],
      ["last", last.message === undefined ? last.event : `${last.event}: ${last.message}`],
    ],
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The lines of a text, none of something else. */
function linesOf(path: string): readonly string[] {
  try {
    const lines = readText(path).split(/\r?\n/);
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  } catch (error) {
    if (error instanceof RbmRgError) return [];
    throw error;
  }
}
