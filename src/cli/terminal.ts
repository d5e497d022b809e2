import { WriteStream } from "node:tty";
import { LEAST_COLUMNS, type TerminalColors, type TerminalStyle } from "../report/terminal/style.js";

/** What `--color` may be. */
export const colorChoices = ["auto", "always", "never"] as const;

/** Columns of what is not a terminal. */
const DEFAULT_COLUMNS = 80;

/** Bits of colour that a terminal says it has. */
const [BITS_OF_256, BITS_OF_ALL] = [8, 24];

/** Where text goes: standard output, or what a test makes of it. */
export interface TextSink {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * What can be shown on `stdout`: as wide as COLUMNS or the terminal says, else 80; in colours where it is a terminal that has
 * 256 of them at least, unless NO_COLOR is set to anything; more than ASCII if the locale is one of UTF-8. `color` overrides
 * what is found of colours: "always" takes 256 where the terminal tells of fewer.
 */
export function terminalStyle(
  color: (typeof colorChoices)[number],
  env: NodeJS.ProcessEnv,
  stdout: TextSink,
): TerminalStyle {
  return { columns: columnsOf(env, stdout), colors: colorsOf(color, env, stdout), unicode: isUtf8(env) };
}

function columnsOf({ COLUMNS }: NodeJS.ProcessEnv, stdout: TextSink): number {
  const asked = /^\d{1,4}$/.test(COLUMNS ?? "") ? Number(COLUMNS) : 0;
  const own = stdout.isTTY === true ? (stdout.columns ?? 0) : 0;
  return Math.max(LEAST_COLUMNS, asked > 0 ? asked : own > 0 ? own : DEFAULT_COLUMNS);
}

function colorsOf(
  color: (typeof colorChoices)[number],
  env: NodeJS.ProcessEnv,
  stdout: TextSink,
): TerminalColors {
  if (color === "never") return "none";
  const forced = color === "always";
  const refused = (env["NO_COLOR"] ?? "") !== "" || stdout.isTTY !== true;
  if (!forced && refused) return "none";
  // Node warns if it sees that one variable overrides the other.
  const bits = WriteStream.prototype.getColorDepth({ ...env, NO_COLOR: undefined });
  if (bits >= BITS_OF_ALL) return "24-bit";
  return forced || bits >= BITS_OF_256 ? "256" : "none";
}

/** By the first of the variables that is set and not empty, as the C library chooses the locale. */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((name) => (name ?? "") !== "");
  if (locale === undefined) return process.platform === "win32";
  return /utf-?8/i.test(locale);
}
