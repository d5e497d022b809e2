import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import type { CheckpointInterval } from "../experiment/environment.js";
import { addGroup } from "./options.js";

/** Flags of commands that can stop and go on. */
export interface StopFlags {
  readonly timeLimit?: string;
  readonly checkpointEvery?: string;
}

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

const HOUR = 3600;

export function addStopOptions(command: Command): void {
  addGroup(command, "Stopping and going on:", [
    [
      "--time-limit <time>",
      "checkpoint and end with exit code 75 after hh:mm:ss, d-hh:mm:ss, 90s, 30m or 2h",
    ],
    [
      "--checkpoint-every <interval>",
      "30s, 10m, 1h or, where layers are trained, a number of epochs (default: 5m)",
    ],
  ]);
}

/** Seconds that `--time-limit` allows; null without it. */
export function readTimeLimit(text: string | undefined): number | null {
  if (text === undefined) return null;
  const clock = /^(?:(\d+)-)?(\d+):([0-5]\d):([0-5]\d)$/.exec(text) as (string | undefined)[] | null;
  const seconds =
    clock === null
      ? readDuration(text)
      : Number(clock[1] ?? 0) * 24 * HOUR +
        Number(clock[2]) * HOUR +
        Number(clock[3]) * 60 +
        Number(clock[4]);
  if (seconds !== null && seconds > 0) return seconds;
  throw new UsageError(
    `--time-limit ${text}: expected hh:mm:ss, d-hh:mm:ss, or a number with s, m or h, such as 00:30:00 or 30m.`,
  );
}

/** What `--checkpoint-every` asks for. */
export function readCheckpointInterval(text = "5m"): CheckpointInterval {
  if (/^\d+$/.test(text) && Number(text) >= 1) return { epochs: Number(text) };
  const seconds = readDuration(text);
  if (seconds !== null && seconds > 0) return { seconds };
  throw new UsageError(
    `--checkpoint-every ${text}: expected a number of epochs ≥ 1, or a time such as 30s, 10m or 1h.`,
  );
}

/** `90s`, `1.5m`, `2h` in seconds; null if it is not one. */
function readDuration(text: string): number | null {
  const [, number, unit] = (/^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? []) as (string | undefined)[];
  return number === undefined ? null : Number(number) * SECONDS[unit as keyof typeof SECONDS];
}
