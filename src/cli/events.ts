import type { Progress } from "../experiment/environment.js";
import { type EventPlace, observedProgress } from "../experiment/observe.js";
import { messageOf } from "../io/system-error.js";
import { seconds, timestamp } from "../io/this-process.js";
import type { EventSink, RunEvent } from "../runs/events.js";
import { type EventsFlags, eventsTarget } from "./events-option.js";
import { LineWriter } from "./line-writer.js";

/** Characters of a message; a line must stay below the 4096 bytes that a pipe takes whole. */
const LONGEST_MESSAGE = 800;

/** Events on their way to where `--events` wants them. */
export interface OpenEvents {
  readonly sink: EventSink;
  /** Wait until all are written. */
  close(): Promise<void>;
}

/**
 * Open what `--events` names; null without it. A file that cannot be opened is an OutputError; one that cannot be written
 * to later (full disk, closed pipe) is told to `warn`, once, and then there are no more events.
 */
export function openEvents(flags: EventsFlags, warn: (message: string) => void): OpenEvents | null {
  const target = eventsTarget(flags);
  if (target === null) return null;
  let writer: LineWriter | null = new LineWriter(target.file);
  const giveUp = (error: unknown): void => {
    warn(`warning: ${messageOf(error)} The work goes on without events.`);
    writer?.discard();
    writer = null;
  };
  return {
    sink(event) {
      try {
        writer?.write(eventLine(event, timestamp()));
      } catch (error) {
        giveUp(error);
      }
    },
    async close() {
      try {
        await writer?.close();
        writer = null;
      } catch (error) {
        giveUp(error);
      }
    },
  };
}

/**
 * Do work that has no Environment, a sweep's, with events: `work` is given a progress that tells them, too, and the sink
 * for its own, which leads nowhere without `--events`.
 */
export async function withEvents<T>(
  flags: EventsFlags,
  place: EventPlace,
  progress: Progress,
  work: (observed: Progress, sink: EventSink) => Promise<T>,
): Promise<T> {
  const events = openEvents(flags, (message) => {
    progress.note(message);
  });
  if (events === null) return work(progress, () => undefined);
  try {
    return await work(observedProgress(progress, events.sink, seconds, place), events.sink);
  } finally {
    await events.close();
  }
}

/** An event as a line of JSON, its name and time first. Numbers that JSON lacks become null. */
function eventLine({ event, ...fields }: RunEvent, time: string): string {
  return JSON.stringify({ event, time, ...fields }, (name, value: unknown) =>
    name === "message" && typeof value === "string" ? shortened(value) : value,
  );
}

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}
