import { divergingPalette, paletteIndex, type Rgb } from "../figures/diverging-scale.js";
import type { Pixels } from "./pixels.js";
import type { TerminalStyle } from "./style.js";

const ESCAPE = "\u001b[";
const RESET = `${ESCAPE}0m`;

/** Shares of the limit from which a value has the sign of a weak and of a strong one. */
export const [WEAK, STRONG] = [0.2, 0.6];

/** Signs for negative values, strong and weak, for those near zero and for positive ones, weak and strong. */
const SHADES = Array.from("=-·▒█");
const SIGNS = Array.from("=-.+#");

const PALETTE = divergingPalette();

/** How pixels become characters in a style. */
export interface Brush {
  /** Characters in a line that a pixel takes. */
  readonly columns: number;
  /** Rows of pixels in a line. */
  readonly rows: number;
  /** Lines of text for pixels on a scale of limits ±limit; those that are null stay empty. */
  readonly paint: (pixels: Pixels, limit: number) => readonly string[];
}

/**
 * The finest way a terminal has: coloured half blocks, two pixels one above the other in a character; coloured spaces
 * without Unicode; signs without colours, a pixel being two characters wide, as a character is twice as high as wide.
 */
export function brush(style: TerminalStyle): Brush {
  if (style.colors === "none") return { columns: 2, rows: 1, paint: signs(style) };
  return style.unicode
    ? { columns: 1, rows: 2, paint: halfBlocks(style) }
    : { columns: 2, rows: 1, paint: coloredSpaces(style) };
}

/** What the characters or colours stand for, on a scale of limits ±limit. */
export function scaleSamples(
  style: TerminalStyle,
): readonly [negative: string, zero: string, positive: string] {
  const { columns, paint } = brush(style);
  if (style.colors !== "none") {
    // Two rows, so that half blocks are filled.
    const sample = (value: number): string => paint([[value], [value]], 1)[0];
    const wide = (value: number): string => (columns === 1 ? sample(value).repeat(2) : sample(value));
    return [wide(-1), wide(0), wide(1)];
  }
  const [much, some, none, more, most] = style.unicode ? SHADES : SIGNS;
  return [`${much} ${some}`, none, `${more} ${most}`];
}

function halfBlocks({ colors }: TerminalStyle): Brush["paint"] {
  return (pixels, limit) => {
    const lines: string[] = [];
    for (let row = 0; row < pixels.length; row += 2) {
      const below = row + 1 < pixels.length ? pixels[row + 1] : [];
      lines.push(
        inColors(
          pixels[row].map((upper, column) => {
            const lower = below[column] ?? null;
            if (upper === null) return ["", " "];
            const ground = lower === null ? `${ESCAPE}49m` : colorCode(48, lower, limit, colors);
            return [`${colorCode(38, upper, limit, colors)}${ground}`, "▀"];
          }),
        ),
      );
    }
    return lines;
  };
}

function coloredSpaces({ colors }: TerminalStyle): Brush["paint"] {
  return (pixels, limit) =>
    pixels.map((row) =>
      inColors(row.map((value) => [value === null ? "" : colorCode(48, value, limit, colors), "  "])),
    );
}

function signs({ unicode }: TerminalStyle): Brush["paint"] {
  const levels = unicode ? SHADES : SIGNS;
  return (pixels, limit) =>
    pixels.map((row) =>
      row
        .map((value) => {
          if (value === null) return "  ";
          const share = limit === 0 ? 0 : Math.abs(value) / limit;
          const strength = share < WEAK ? 0 : share < STRONG ? 1 : 2;
          return levels[2 + Math.sign(value) * strength].repeat(2);
        })
        .join("")
        .trimEnd(),
    );
}

/** Texts in a row with the escape sequence each is to have; "" is none. Sequences are written where they change. */
function inColors(cells: readonly (readonly [code: string, text: string])[]): string {
  let [line, current] = ["", ""];
  for (const [code, text] of cells) {
    if (code !== current) line += code === "" ? RESET : code;
    current = code;
    line += text;
  }
  return current === "" ? line.trimEnd() : `${line}${RESET}`;
}

/** Layer 38 is the foreground, 48 the background. */
function colorCode(layer: 38 | 48, value: number, limit: number, colors: TerminalStyle["colors"]): string {
  const color = PALETTE[paletteIndex(value, limit)];
  const code = colors === "24-bit" ? `2;${color.join(";")}` : `5;${nearestOf256(color)}`;
  return `${ESCAPE}${layer};${code}m`;
}

/** Levels of red, green and blue of the 6 × 6 × 6 colours of xterm from number 16 on, and the greys from 232 on. */
const CUBE = [0, 95, 135, 175, 215, 255];
const GREYS = Array.from({ length: 24 }, (_, k) => 8 + 10 * k);

function nearestOf256(color: Rgb): number {
  const nearest = (levels: readonly number[], value: number): number =>
    levels.reduce(
      (best, level, index) => (Math.abs(level - value) < Math.abs(levels[best] - value) ? index : best),
      0,
    );
  const distance = (levels: readonly number[]): number =>
    levels.reduce((sum, level, channel) => sum + (level - color[channel]) ** 2, 0);
  const [red, green, blue] = color.map((channel) => nearest(CUBE, channel));
  const grey = nearest(GREYS, (color[0] + color[1] + color[2]) / 3);
  const ofCube = distance([CUBE[red], CUBE[green], CUBE[blue]]);
  return distance([GREYS[grey], GREYS[grey], GREYS[grey]]) < ofCube
    ? 232 + grey
    : 16 + 36 * red + 6 * green + blue;
}
