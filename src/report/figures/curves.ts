import type { TopLevelSpec } from "vega-lite";
import { DomainError } from "../../errors/index.js";
import { chartDomains, chartPoints, checkCurves, type Curves } from "./chart-data.js";
import {
  chartLayers,
  legendView,
  panelTitle,
  type LegendEntry,
  type PanelSize,
  type VegaLiteView,
} from "./chart-layers.js";
import { chartConfig, LABEL_SIZE, PANEL_TITLE_SIZE, seriesStyle, TITLE_SIZE } from "./chart-style.js";
import type { Figure } from "./figure.js";
import { wrapText } from "./font.js";
import { renderVegaLite } from "./render.js";

/** A line chart. */
export interface CurvesOptions extends Curves {
  /** Heading; wrapped where it is long. */
  readonly title: string;
  /** A smaller line below it. */
  readonly subtitle?: string;
  /** Title of the horizontal axis, with its unit. */
  readonly xLabel: string;
  /** Title of the vertical axis, with its unit. */
  readonly yLabel: string;
}

/** Several line charts side by side or one above the other, with one legend. */
export interface SmallMultiplesOptions {
  /** Heading above all panels; wrapped where it is long. */
  readonly title: string;
  /** A smaller line below it. */
  readonly subtitle?: string;
  /** The charts in reading order. Series of the same name look the same in every panel. */
  readonly panels: readonly Omit<CurvesOptions, "subtitle">[];
  /** Panels per row. Default: at most three. */
  readonly columns?: number;
}

const SINGLE: PanelSize = { width: 560, height: 360 };
const SMALL: PanelSize = { width: 290, height: 230 };

/**
 * Draw curves against common axes. Series differ in colour, dash and marker; points that are not finite, or not
 * positive on a logarithmic axis, are left out and break their line.
 * @throws DataError if a series' lengths disagree, DomainError for negative errors or impossible reference lines.
 */
export async function curvesFigure(options: CurvesOptions): Promise<Figure> {
  const styles = namedStyles([options]);
  const plot = panelView(options, styles, SINGLE);
  return renderVegaLite(document(options, [plot], 1, [...styles.values()], SINGLE));
}

/**
 * Draw several sets of curves, each with its own axes and title, in reading order.
 * @throws DomainError if there is no panel or `columns` is not a whole number ≥ 1, otherwise as `curvesFigure`.
 */
export async function smallMultiplesFigure(options: SmallMultiplesOptions): Promise<Figure> {
  const { panels } = options;
  const columns = options.columns ?? Math.min(3, panels.length);
  if (panels.length === 0 || !Number.isInteger(columns) || columns < 1) {
    throw new DomainError(
      `small multiples: ${panels.length} panels in ${columns} columns; expected at least one of each.`,
    );
  }
  const styles = namedStyles(panels);
  const plots = panels.map((panel) => {
    const title = panelTitle(wrapText(panel.title, PANEL_TITLE_SIZE, SMALL.width), titleDistance(panel));
    return panelView(panel, styles, SMALL, [title]);
  });
  return renderVegaLite(document(options, plots, columns, [...styles.values()], SMALL));
}

/** Room between a panel's title and its axes: labels of vertical reference lines stand there. */
function titleDistance({ referenceLines = [] }: Curves): number {
  return referenceLines.some(({ axis, label }) => axis === "x" && label !== undefined) ? 24 : 9;
}

/** One legend entry for each name, styled by the order of first appearance. */
function namedStyles(panels: readonly Curves[]): Map<string, LegendEntry> {
  const entries = new Map<string, LegendEntry>();
  for (const { name, dash } of panels.flatMap((panel) => panel.series)) {
    if (entries.has(name)) continue;
    const style = seriesStyle(entries.size);
    entries.set(name, { ...style, name, dash: dash ?? style.dash });
  }
  return entries;
}

function panelView(
  options: Omit<CurvesOptions, "subtitle">,
  styles: ReadonlyMap<string, LegendEntry>,
  size: PanelSize,
  extraLayers: readonly VegaLiteView[] = [],
): VegaLiteView {
  checkCurves(options);
  const curves = options.series.map((series) => ({
    points: chartPoints(series, options),
    style: styles.get(series.name)!,
  }));
  const domains = chartDomains(
    options,
    curves.flatMap(({ points }) => points),
  );
  return { ...size, layer: [...chartLayers(options, curves, domains, size), ...extraLayers] };
}

/** The plots in a grid, the legend to their right, the heading above. */
function document(
  options: { readonly title: string; readonly subtitle?: string },
  plots: readonly VegaLiteView[],
  columns: number,
  entries: readonly LegendEntry[],
  { width }: PanelSize,
): TopLevelSpec {
  const grid = { concat: plots, columns, spacing: 28 };
  const legend = entries.some(({ name }) => name !== "") ? [legendView(entries)] : [];
  const spec = {
    title: heading(options, Math.max(SINGLE.width, width * Math.min(columns, plots.length))),
    hconcat: [grid, ...legend],
    spacing: 24,
    config: chartConfig,
  };
  return spec as unknown as TopLevelSpec; // the literal types of dashes and markers are beyond vega-lite's declarations
}

function heading(
  { title, subtitle }: { readonly title: string; readonly subtitle?: string },
  width: number,
): object {
  return {
    text: wrapText(title, TITLE_SIZE, width),
    ...(subtitle === undefined ? {} : { subtitle: wrapText(subtitle, LABEL_SIZE, width) }),
    offset: 12,
    subtitlePadding: 5,
  };
}
