import { FONT_FAMILY } from "./font.js";
import { FADED_INK, INK } from "./svg.js";

/** How one series is drawn. Colour, dash and marker all differ, so that each alone tells the series apart. */
export interface SeriesStyle {
  readonly color: string;
  /** Lengths of stroke and gap in pixels; empty for a solid line. */
  readonly dash: readonly number[];
  readonly marker: string;
}

/** Okabe & Ito's colour-blind-safe palette (2008), without its yellow, which is lost on white paper. */
const COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [8, 3, 2, 3], [12, 4]];
const MARKERS = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"];

/** The style of series number `index`; colours repeat after 7, the whole combination after 210. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    color: COLORS[index % COLORS.length],
    dash: DASHES[index % DASHES.length],
    marker: MARKERS[index % MARKERS.length],
  };
}

export const TICK_SIZE = 12;
export const LABEL_SIZE = 13;
export const TITLE_SIZE = 18;
export const PANEL_TITLE_SIZE = 14;
export const REFERENCE_COLOR = "#666666";

/** Vega's configuration for every chart: white ground, light grid, the shipped font in its one weight. */
export const chartConfig = {
  background: "#ffffff",
  font: FONT_FAMILY,
  padding: { left: 20, top: 20, right: 24, bottom: 20 },
  aria: false,
  view: { stroke: "#888888" },
  axis: {
    labelFontSize: TICK_SIZE,
    titleFontSize: LABEL_SIZE,
    titleFontWeight: "normal",
    labelColor: INK,
    titleColor: INK,
    titlePadding: 10,
    gridColor: "#e6e6e6",
    domain: false,
    tickColor: "#888888",
    labelLimit: 0,
    labelFlush: false,
    titleLimit: 0,
  },
  title: {
    anchor: "start",
    fontWeight: "normal",
    color: INK,
    fontSize: TITLE_SIZE,
    subtitleFontSize: LABEL_SIZE,
    subtitleColor: FADED_INK,
    limit: 0,
  },
} as const;
