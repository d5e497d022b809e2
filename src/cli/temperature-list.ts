import { ConfigError } from "../errors/index.js";
import { getPath, type RawConfig, withPath } from "../runs/config/index.js";
import { numberOrText } from "./options.js";

/** More points than this in one range is a slip of the pen. */
const MAX_POINTS = 10_000;

/** The keys of which one may be a list or a range. */
const keys = ["temperature", "coupling", "beta"] as const;

/** One member of a list of temperatures: its configuration and a name for it, such as `T2.25`. */
export interface TemperaturePoint {
  readonly config: RawConfig;
  readonly label: string;
}

/** Spread a list `2.0,2.3` or a range `2.0:3.0:0.1` (ends included) of temperature, coupling or beta over configurations. */
export function spreadTemperatures(config: RawConfig): readonly TemperaturePoint[] {
  const key = keys.find((name) => getPath(config, `sample.${name}`) !== undefined);
  if (key === undefined) return [{ config, label: "" }];
  const path = `sample.${key}`;
  return expandList(String(getPath(config, path)), path).map((value) => ({
    config: withPath(config, path, value),
    label: `${key === "temperature" ? "T" : key === "coupling" ? "K" : "beta"}${value}`,
  }));
}

/** Read `2.0,2.3` or `2.0:3.0:0.1` or a mixture. What does not read as a number is passed on for the schema to refuse. */
function expandList(text: string, path: string): readonly (number | string)[] {
  const values: (number | string)[] = [];
  for (const part of text.split(",")) {
    if (part.includes(":")) values.push(...expandRange(part, path));
    else values.push(numberOrText(part.trim()));
  }
  return values;
}

function expandRange(text: string, path: string): readonly number[] {
  const [first, last, step, ...rest] = text.split(":").map(Number);
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  if (rest.length > 0 || !(count >= 1 && count <= MAX_POINTS)) {
    throw new ConfigError([
      {
        path,
        message: `"${text}": expected FIRST:LAST:STEP with at least one and at most ${MAX_POINTS} points, such as 2.0:3.0:0.1`,
      },
    ]);
  }
  return Array.from({ length: count }, (_, k) => Number((first + k * step).toPrecision(12)));
}
