import { symmetricLimit } from "../figures/diverging-scale.js";
import { brush, type Brush, scaleSamples, STRONG, WEAK } from "./paint.js";
import { beside, fieldPixels, type Pixels } from "./pixels.js";
import type { TerminalStyle } from "./style.js";
import { shortNumber, shownText, wrappedText } from "./text.js";

/** The receptive fields of one layer. */
export interface PreviewFields {
  readonly layer: number;
  readonly units: number;
  /** Unit-major: values[unit · sites + site], site = x·Ly + y on the torus. */
  readonly values: Float64Array;
  /** [Lx, Ly] of a torus or [N] of a chain, in sites. */
  readonly shape: readonly number[];
}

/** Lines that pictures may take together, so that they and what is said of them fit a screen of 24 lines or a little more. */
const PICTURE_LINES = 20;

/** From this width on there is to be room for two tori side by side. */
const TWO_TILES = 40;

/** How many pictures go where. */
interface Arrangement {
  /** Sites along the side of the square that is one pixel. */
  readonly block: number;
  readonly across: number;
  readonly down: number;
}

/**
 * As many receptive fields as fit the width and some twenty lines, the first ones, all on one scale that is symmetric about
 * zero and stated, with x to the right and y down; on a chain a row each. Fields that are too wide are averaged over squares
 * of sites, which is stated too. No line is longer than the style's columns.
 */
export function fieldPreview(fields: PreviewFields, style: TerminalStyle): readonly string[] {
  const tool = brush(style);
  const chain = fields.shape.length === 1;
  const arrangement = chain ? arrangeRows(fields, style, tool) : arrangeTiles(fields, style, tool);
  const count = Math.min(fields.units, arrangement.across * arrangement.down);
  const tiles = Array.from({ length: count }, (_, unit) => pixelsOf(fields, unit, arrangement.block));
  const limit = symmetricLimit(Float64Array.from(tiles.flat(2).filter((value) => value !== null)), 100);
  const pictures = chain
    ? tool.paint(tiles.flat(), limit)
    : bands(tiles, arrangement.across, tool).flatMap((band, index) => [
        ...(index === 0 ? [] : [""]),
        ...tool.paint(band, limit),
      ]);
  const left = fields.units - count;
  return [
    ...wrappedText(`receptive fields of layer ${fields.layer}, units 0 to ${count - 1}:`, style),
    ...pictures,
    ...(left === 0 ? [] : wrappedText(`… and ${left} more`, style)),
    ...scaleLines(limit, arrangement.block, chain, style),
  ];
}

function pixelsOf({ values, shape, units }: PreviewFields, unit: number, block: number): Pixels {
  const sites = values.length / units;
  return fieldPixels({ values: values.subarray(unit * sites, (unit + 1) * sites), shape }, block);
}

/** Tori: the smallest squares with which two stand side by side, or one where it is narrow. */
function arrangeTiles(
  { shape: [lx, ly], units }: PreviewFields,
  style: TerminalStyle,
  tool: Brush,
): Arrangement {
  const wanted = style.columns >= TWO_TILES && units > 1 ? 2 : 1;
  const gap = gapOf(tool) * tool.columns;
  let block = 1;
  const width = (): number => Math.ceil(lx / block) * tool.columns;
  const height = (): number => Math.ceil(Math.ceil(ly / block) / tool.rows);
  while (wanted * (width() + gap) - gap > style.columns || height() > PICTURE_LINES) block++;
  return {
    block,
    across: Math.floor((style.columns + gap) / (width() + gap)),
    down: Math.floor((PICTURE_LINES + 1) / (height() + 1)),
  };
}

/** Chains: one below the other. */
function arrangeRows({ shape: [length] }: PreviewFields, style: TerminalStyle, tool: Brush): Arrangement {
  const block = Math.ceil(length / Math.floor(style.columns / tool.columns));
  return { block, across: 1, down: PICTURE_LINES * tool.rows };
}

/** Pixels between two tiles. */
function gapOf({ columns }: Brush): number {
  return columns === 1 ? 2 : 1;
}

/** Rows of tiles. */
function bands(tiles: readonly Pixels[], across: number, tool: Brush): readonly Pixels[] {
  return Array.from({ length: Math.ceil(tiles.length / across) }, (_, row) =>
    beside(tiles.slice(row * across, (row + 1) * across), gapOf(tool)),
  );
}

/** What the colours or signs mean, and what a pixel is. */
function scaleLines(limit: number, block: number, chain: boolean, style: TerminalStyle): readonly string[] {
  const [negative, zero, positive] = scaleSamples(style);
  const number = shortNumber(limit);
  const size = chain ? `${block}` : `${block} × ${block}`;
  const mean = block === 1 ? [] : wrappedText(`1 pixel is the mean of ${size} sites`, style);
  if (limit === 0) return [...wrappedText("all values shown are zero", style), ...mean];
  const thresholds =
    style.colors === "none"
      ? wrappedText(`strong from ${100 * STRONG} % of it, weak from ${100 * WEAK} %`, style)
      : [];
  const parts = [`${negative} −${number}`, `${zero} 0`, `${positive} +${number}`];
  // Escape sequences take no columns; samples are at most three characters.
  const narrow = parts.length * 6 + 2 * number.length + 2 > style.columns;
  const shown = parts.map((part) => shownSample(part, style));
  return [...(narrow ? shown : [shown.join("  ")]), ...thresholds, ...mean];
}

/** The sample as it is, what is said of it as the terminal can show it. */
function shownSample(part: string, style: TerminalStyle): string {
  const end = part.lastIndexOf(" ");
  return `${part.slice(0, end)} ${shownText(part.slice(end + 1), style)}`;
}
