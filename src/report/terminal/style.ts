/** Colours a terminal has: none, the 256 of xterm, or 24 bits each. */
export type TerminalColors = "none" | "256" | "24-bit";

/** What a terminal can show. Everything drawn for it is plain text made by pure functions. */
export interface TerminalStyle {
  /** Characters in a line, at least LEAST_COLUMNS. */
  readonly columns: number;
  readonly colors: TerminalColors;
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
}

/** Narrower terminals are written to as if they had as many. */
export const LEAST_COLUMNS = 20;
