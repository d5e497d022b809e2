import { divergingPalette, hexColor } from "./diverging-scale.js";
import { frameElement, INK, lineElement, rectElement, textElement } from "./svg.js";

const BAND = 2;
const BAR_HEIGHT = 14;
const TICK_SIZE = 12;

/** Width of the bar in pixels; its tick labels reach at most OVERHANG further on either side. */
export const COLOR_BAR_WIDTH = BAND * divergingPalette().length;
export const OVERHANG = 34;
/** Height of the bar with its ticks and label. */
export const COLOR_BAR_HEIGHT = 56;

/** A horizontal colour bar from −limit to +limit with its upper left corner at (x, y), ticks and label below. */
export function colorBar(x: number, y: number, limit: number, label: string): string[] {
  const bands = divergingPalette().map((color, index) =>
    rectElement(x + index * BAND, y, BAND, BAR_HEIGHT, hexColor(color)),
  );
  const ticks = tickValues(limit).flatMap(({ value, text }) => {
    const fraction = limit === 0 ? 0 : value / limit;
    const at = x + ((1 + fraction) / 2) * (COLOR_BAR_WIDTH - 1) + 0.5;
    return [
      lineElement(at, y + BAR_HEIGHT, at, y + BAR_HEIGHT + 4, INK),
      textElement(at, y + BAR_HEIGHT + 17, text, { size: TICK_SIZE, anchor: "middle" }),
    ];
  });
  const center = x + COLOR_BAR_WIDTH / 2;
  return [
    ...bands,
    frameElement(x, y, COLOR_BAR_WIDTH, BAR_HEIGHT, INK),
    ...ticks,
    textElement(center, y + BAR_HEIGHT + 37, label, { size: TICK_SIZE, anchor: "middle" }),
  ];
}

/** Ticks at 0, at the limits, and at half the limit rounded down to one digit. */
function tickValues(limit: number): { readonly value: number; readonly text: string }[] {
  if (limit === 0) return [{ value: 0, text: "0" }];
  const [digits, exponent] = (limit / 2).toExponential().split("e");
  const inner = Number(`${digits[0]}e${exponent}`);
  const tick = (value: number, text: string) => ({ value, text: text.replaceAll("-", "−") });
  return [
    tick(-limit, formatNumber(-limit)),
    tick(-inner, String(-inner)),
    tick(0, "0"),
    tick(inner, String(inner)),
    tick(limit, formatNumber(limit)),
  ];
}

/** A number with three significant digits and a true minus sign. */
export function formatNumber(value: number): string {
  if (value === 0) return "0";
  return value.toPrecision(3).replaceAll("-", "−").replace("e+", "e");
}
