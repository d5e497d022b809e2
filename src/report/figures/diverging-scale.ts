import { DomainError } from "../../errors/index.js";

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Steps on each side of zero: 2 · 60 + 1 = 121 colours, finer than the eye tells apart in neighbouring pixels. */
const STEPS = 60;

/**
 * Colours at |t| = 0, 0.2, …, 1, from ColorBrewer (Brewer, Harrower & Penn State University): the blue half of RdBu
 * for negative and the orange half of PuOr for positive values. Blue against orange survives all common colour
 * blindness; the blue end is darker than the orange one, so that strong weights keep their sign in greyscale.
 */
const NEGATIVE: readonly Rgb[] = [
  [247, 247, 247],
  [209, 229, 240],
  [146, 197, 222],
  [67, 147, 195],
  [33, 102, 172],
  [5, 48, 97],
];
const POSITIVE: readonly Rgb[] = [
  [247, 247, 247],
  [254, 224, 182],
  [253, 184, 99],
  [224, 130, 20],
  [179, 88, 6],
  [127, 59, 8],
];

/** The diverging colour of t ∈ [−1, 1]: blue below zero, near white at zero, orange above; values outside saturate. */
function divergingColor(t: number): Rgb {
  const anchors = t < 0 ? NEGATIVE : POSITIVE;
  const position = Math.min(Math.abs(t), 1) * (anchors.length - 1);
  const index = Math.min(Math.floor(position), anchors.length - 2);
  const fraction = position - index;
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(anchors[index][channel] * (1 - fraction) + anchors[index + 1][channel] * fraction);
  return [mix(0), mix(1), mix(2)];
}

/** The 2·STEPS + 1 colours of the scale, from t = −1 to t = 1. */
export function divergingPalette(): Rgb[] {
  return Array.from({ length: 2 * STEPS + 1 }, (_, index) => divergingColor((index - STEPS) / STEPS));
}

/** Index into the palette of a value on a scale of limits ±limit. A limit of 0 makes everything neutral. */
export function paletteIndex(value: number, limit: number): number {
  if (limit === 0) return STEPS;
  return STEPS + Math.round(Math.max(-1, Math.min(1, value / limit)) * STEPS);
}

/** A colour as SVG writes it. */
export function hexColor(color: Rgb): string {
  return "#" + color.map((channel) => channel.toString(16).padStart(2, "0")).join("");
}

/**
 * The symmetric limit of a colour scale: the given percentile of |value|, 100 being the maximum. The percentile p of n
 * sorted values is the one at rank ⌈p n / 100⌉. @throws DomainError if the percentile is not in (0, 100].
 */
export function symmetricLimit(values: Float32Array | Float64Array, percentile: number): number {
  if (!(percentile > 0 && percentile <= 100)) {
    throw new DomainError(`colour scale: percentile ${percentile}; expected 0 < percentile ≤ 100.`);
  }
  // Not from(values, Math.abs), which makes a list of all values on the way.
  const magnitudes = Float64Array.from(values);
  for (let k = 0; k < magnitudes.length; k++) magnitudes[k] = Math.abs(magnitudes[k]);
  if (percentile === 100) return magnitudes.reduce((largest, value) => Math.max(largest, value), 0);
  return magnitudes.sort()[Math.ceil((percentile / 100) * magnitudes.length) - 1];
}
