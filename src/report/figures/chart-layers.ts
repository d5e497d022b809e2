import type { ChartPoint, Curves, Domain, ReferenceLine } from "./chart-data.js";
import { LABEL_SIZE, PANEL_TITLE_SIZE, REFERENCE_COLOR, TICK_SIZE, type SeriesStyle } from "./chart-style.js";
import { textWidth } from "./font.js";
import { logTickLabels, logTicks } from "./log-ticks.js";
import { INK } from "./svg.js";

/** A Vega-Lite view or layer as plain data: its published types do not admit values computed at run time. */
export type VegaLiteView = Readonly<Record<string, unknown>>;

/** A series as the legend shows it. */
export interface LegendEntry extends SeriesStyle {
  readonly name: string;
}

/** A series reduced to what is drawn. */
export interface Curve {
  readonly points: readonly ChartPoint[];
  readonly style: SeriesStyle;
}

/** Width and height of the axes in pixels. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
}

interface Axes {
  readonly x: VegaLiteView;
  readonly y: VegaLiteView;
  readonly domains: { readonly x: Domain; readonly y: Domain };
}

/** More markers than this on one curve are thinned to about MARKERS of them. */
const MOST_MARKERS = 30;
const MARKERS = 12;
const ENTRY_HEIGHT = 20;
const SAMPLE_LENGTH = 32;

/** The layers of one set of axes, back to front: reference lines, error bands, lines, markers. */
export function chartLayers(
  options: Curves & { readonly xLabel: string; readonly yLabel: string },
  curves: readonly Curve[],
  domains: Axes["domains"],
  size: PanelSize,
): VegaLiteView[] {
  const every = curves.flatMap(({ points }) => points);
  const axes: Axes = {
    x: axis("x", options.xLabel, domains.x, options.logX, every, Math.round(size.width / 70)),
    y: axis("y", options.yLabel, domains.y, options.logY, every, Math.round(size.height / 45)),
    domains,
  };
  const references = (options.referenceLines ?? []).flatMap((line) => referenceLayers(line, axes, size));
  const drawn = curves.filter(({ points }) => points.length > 0);
  const empty = drawn.length === 0 ? [emptyLayer(axes, size)] : [];
  return [
    ...references,
    ...empty,
    ...drawn.flatMap((curve) => bandLayers(curve, axes)),
    ...drawn.map((curve) => lineLayer(curve, axes)),
    ...drawn.map((curve, index) => markerLayer(curve, axes, index, drawn.length)),
  ];
}

function axis(
  field: "x" | "y",
  title: string,
  domain: Domain,
  logarithmic = false,
  points: readonly ChartPoint[],
  tickCount: number,
): VegaLiteView {
  const channel = { field, type: "quantitative", title };
  if (logarithmic) {
    const values = logTicks(domain, tickCount);
    const labels = logTickLabels(values);
    const labelExpr = `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]`;
    return { ...channel, scale: { domain, nice: false, type: "log" }, axis: { values, labelExpr } };
  }
  const whole = points.length > 0 && points.every((point) => Number.isInteger(point[field]));
  return {
    ...channel,
    scale: { domain, nice: false, zero: false },
    axis: { tickCount, ...(whole ? { tickMinStep: 1, format: ",d" } : {}) },
  };
}

function bandLayers({ points, style }: Curve, { x, y, domains }: Axes): VegaLiteView[] {
  const floor = domains.y[0]; // on a logarithmic axis the band may reach below zero, that is, out of the picture
  const values = points
    .filter(({ low }) => low !== undefined)
    .map((point) => ({ ...point, low: Math.max(point.low!, floor) }));
  const encoding = { x, y: { ...y, field: "low" }, y2: { field: "high" }, detail: { field: "segment" } };
  // A band of one point would have no width.
  const lone = values.filter(
    ({ segment }) => values.filter((other) => other.segment === segment).length === 1,
  );
  const wide = values.filter((value) => !lone.includes(value));
  const area = { type: "area", color: style.color, opacity: 0.18, line: false };
  const bar = { type: "rule", color: style.color, opacity: 0.5, strokeWidth: 2 };
  return [
    ...(wide.length === 0 ? [] : [{ data: { values: wide }, mark: area, encoding }]),
    ...(lone.length === 0 ? [] : [{ data: { values: lone }, mark: bar, encoding }]),
  ];
}

function lineLayer({ points, style }: Curve, { x, y }: Axes): VegaLiteView {
  return {
    data: { values: points },
    mark: { type: "line", color: style.color, strokeWidth: 1.8, strokeDash: style.dash },
    encoding: { x, y, order: { value: null }, detail: { field: "segment" } },
  };
}

/** Thinned markers of different curves sit at different places, so that coinciding curves can be told apart. */
function markerLayer({ points, style }: Curve, { x, y }: Axes, series: number, count: number): VegaLiteView {
  const step = points.length <= MOST_MARKERS ? 1 : Math.ceil(points.length / MARKERS);
  const start = Math.floor((series * step) / count);
  return {
    data: { values: points.filter((_, index) => index % step === start) },
    mark: marker(style),
    encoding: { x, y },
  };
}

function marker(style: SeriesStyle): VegaLiteView {
  return {
    type: "point",
    shape: style.marker,
    size: 44,
    filled: true,
    fill: style.color,
    stroke: "#ffffff",
    strokeWidth: 0.8,
    opacity: 1,
  };
}

/** A dashed grey line across the axes with its label outside them: right of a horizontal, above a vertical line. */
function referenceLayers(line: ReferenceLine, axes: Axes, { width }: PanelSize): VegaLiteView[] {
  const horizontal = line.axis === "y";
  const data = { values: [{ [line.axis]: line.value }] };
  const encoding = horizontal ? { y: axes.y } : { x: axes.x };
  const rule = {
    data,
    mark: { type: "rule", color: REFERENCE_COLOR, strokeDash: [4, 3], strokeWidth: 1.2 },
    encoding,
  };
  const place = horizontal
    ? { x: width + 6, align: "left", baseline: "middle" }
    : { y: -5, align: "center", baseline: "bottom" };
  const text = { type: "text", text: line.label, fontSize: TICK_SIZE, color: REFERENCE_COLOR, ...place };
  return line.label === undefined ? [rule] : [rule, { data, mark: text, encoding }];
}

function emptyLayer(axes: Axes, { width, height }: PanelSize): VegaLiteView {
  const mark = { type: "text", text: "no finite data", color: REFERENCE_COLOR, fontSize: LABEL_SIZE };
  const { x, y } = axes.domains;
  return {
    layer: [
      {
        data: { values: [{ x: x[0], y: y[0] }] },
        mark: { type: "point", opacity: 0 },
        encoding: { x: axes.x, y: axes.y },
      },
      { data: { values: [{}] }, mark, encoding: { x: { value: width / 2 }, y: { value: height / 2 } } },
    ],
  };
}

/** A panel's title on lines above its axes, flush with their left side, `above` pixels from them. */
export function panelTitle(lines: readonly string[], above: number): VegaLiteView {
  const lineHeight = PANEL_TITLE_SIZE + 4;
  const y = -above - (lines.length - 1) * lineHeight;
  return {
    data: { values: [{}] },
    mark: {
      type: "text",
      text: lines,
      align: "left",
      fontSize: PANEL_TITLE_SIZE,
      lineHeight,
      baseline: "alphabetic",
      color: INK,
    },
    encoding: { x: { value: 0 }, y: { value: y } },
  };
}

/** The legend as a view of its own: a sample of line and marker, and the name, for each series. */
export function legendView(entries: readonly LegendEntry[]): VegaLiteView {
  const widest = Math.max(...entries.map(({ name }) => textWidth(name, TICK_SIZE)));
  const encoding = {}; // vega-lite stumbles over a layer that has none
  const layer = entries.flatMap((entry, index) => {
    const y = (index + 0.5) * ENTRY_HEIGHT;
    const stroke = { color: entry.color, strokeDash: entry.dash, strokeWidth: 1.8 };
    const name = { text: entry.name, align: "left", baseline: "middle", fontSize: TICK_SIZE, color: INK };
    return [
      {
        mark: { type: "rule", ...stroke },
        encoding: { x: { value: 0 }, x2: { value: SAMPLE_LENGTH }, y: { value: y } },
      },
      { encoding, mark: { ...marker(entry), x: SAMPLE_LENGTH / 2, y } },
      { encoding, mark: { type: "text", x: SAMPLE_LENGTH + 8, y, ...name } },
    ];
  });
  return {
    data: { values: [{}] },
    width: Math.ceil(SAMPLE_LENGTH + 8 + widest),
    height: entries.length * ENTRY_HEIGHT,
    view: { stroke: null },
    layer,
  };
}
