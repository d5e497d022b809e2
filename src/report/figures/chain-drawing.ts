import type { Drawing } from "./drawing.js";
import { plainText } from "./svg.js";
import { textWidth } from "./font.js";
import { encodeIndexedPng } from "./indexed-png.js";
import { drawRows, type ScaledFields } from "./mosaic-raster.js";
import { FADED_INK, frameElement, imageElement, INK, lineElement, textElement } from "./svg.js";
import { TARGET_WIDTH } from "./tile-grid.js";

const TICK_SIZE = 12;
const LABEL_SIZE = 13;
const LARGEST_CELL = 28;
/** Height in pixels the rows may fill together before they become thinner than they could be. */
const TARGET_HEIGHT = 560;

/** A heat map of unit against site for a chain, with axes. */
export function chainDrawing(fields: ScaledFields, labels?: readonly string[]): Drawing {
  const { units, sites } = fields;
  const cellHeight = Math.max(1, Math.min(LARGEST_CELL, Math.floor(TARGET_HEIGHT / units)));
  const named = labels !== undefined && cellHeight >= TICK_SIZE ? labels : undefined;
  const rowTicks = named?.map((name, unit) => [unit, name] as const) ?? countingTicks(units);
  const gutter = Math.ceil(
    LABEL_SIZE + 16 + Math.max(...rowTicks.map(([, text]) => textWidth(plainText(text), TICK_SIZE))),
  );
  const cellWidth = Math.max(1, Math.floor((TARGET_WIDTH - gutter) / sites));
  const [width, height] = [sites * cellWidth, units * cellHeight];
  const raster = drawRows(fields, cellWidth, cellHeight);
  return {
    width: gutter + width,
    height: height + 40,
    elements: [
      imageElement(gutter, 0, width, height, encodeIndexedPng(raster)),
      frameElement(gutter, 0, width, height, INK),
      ...rowTicks.flatMap(([unit, text]) => rowTick(gutter, (unit + 0.5) * cellHeight, text)),
      ...countingTicks(sites).flatMap(([site, text]) =>
        columnTick(gutter + (site + 0.5) * cellWidth, height, text),
      ),
      textElement(gutter + width / 2, height + 36, "site", { size: LABEL_SIZE, anchor: "middle" }),
      textElement(LABEL_SIZE, height / 2, "unit", { size: LABEL_SIZE, anchor: "middle", rotate: -90 }),
    ],
    key: [
      textElement(0, 13, `${units} × ${sites}: a row for each unit,`, { size: 12, color: FADED_INK }),
      textElement(0, 29, "a column for each site", { size: 12, color: FADED_INK }),
    ],
  };
}

/** Ticks 0, s, 2s, … below count, with s the smallest of 1, 2, 5, 10, … that gives at most ten. */
function countingTicks(count: number): (readonly [position: number, text: string])[] {
  let step = 1;
  for (let decade = 1; count > 10 * step; decade *= 10) {
    step = [2, 5, 10].map((factor) => factor * decade).find((s) => count <= 10 * s) ?? 10 * decade;
  }
  const ticks: (readonly [number, string])[] = [];
  for (let position = 0; position < count; position += step) ticks.push([position, String(position)]);
  return ticks;
}

function rowTick(x: number, y: number, text: string): string[] {
  return [lineElement(x - 4, y, x, y), textElement(x - 7, y + 4, text, { size: TICK_SIZE, anchor: "end" })];
}

function columnTick(x: number, y: number, text: string): string[] {
  return [lineElement(x, y, x, y + 4), textElement(x, y + 17, text, { size: TICK_SIZE, anchor: "middle" })];
}
