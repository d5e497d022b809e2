import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import * as v from "valibot";
import { eventSchema, type WrittenEvent } from "../runs/events.js";
import { sweepLayout } from "./layout.js";

/** How far a running task is. */
export interface TaskProgress {
  /** The share of its epochs that are done, from 0 to 1. */
  readonly share: number;
  /** For people: `training layer 1 of 2, epoch 3/20`; empty where nothing is known. */
  readonly step: string;
}

/** Bytes of a task's events that are looked at, from the end. */
const TAIL = 16_384;

const unknown: TaskProgress = { share: 0, step: "" };

/** How far a task is by the last events it has told; the beginning where it has told none. */
export function taskProgress(sweep: string, id: string): TaskProgress {
  const events = lastEvents(sweepLayout.events(sweep, id));
  const begun = events.findLastIndex(({ event }) => event === "run-started");
  const epoch = events.findLast(({ event }, index) => event === "epoch" && index > begun);
  const step =
    events.at(-1)?.event === "run-finished"
      ? undefined
      : events.findLast(({ event }) => event === "progress");
  return {
    share:
      epoch?.event === "epoch"
        ? (epoch.layer - 1 + epoch.epoch / epoch.epochs) / epoch.layers
        : unknown.share,
    step:
      step?.event === "progress"
        ? `${step.step}${step.detail === "" ? "" : `, ${step.detail}`}`
        : unknown.step,
  };
}

/** The events in the last lines of a file, none if there is no such file; a line that is cut or no event is left out. */
function lastEvents(path: string): readonly WrittenEvent[] {
  return tailOf(path)
    .split("\n")
    .flatMap((line) => {
      const result = v.safeParse(eventSchema, parsed(line));
      return result.success ? [result.output] : [];
    });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function tailOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(TAIL, size));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString("utf8");
    } finally {
      closeSync(file);
    }
  } catch {
    // Progress is a courtesy: without it the task goes on all the same.
    return "";
  }
}
