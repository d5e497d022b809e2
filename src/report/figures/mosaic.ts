import { DataError, DomainError } from "../../errors/index.js";
import { chainDrawing } from "./chain-drawing.js";
import { COLOR_BAR_HEIGHT, COLOR_BAR_WIDTH, colorBar, formatNumber, OVERHANG } from "./color-bar.js";
import { symmetricLimit } from "./diverging-scale.js";
import type { Drawing } from "./drawing.js";
import type { Figure } from "./figure.js";
import { wrapText } from "./font.js";
import type { ScaledFields } from "./mosaic-raster.js";
import { PNG_SCALE, svgToPng } from "./render.js";
import { FADED_INK, svgDocument, textElement } from "./svg.js";
import { torusDrawing } from "./torus-drawing.js";

/** What a mosaic of receptive fields shows. */
export interface MosaicOptions {
  /** Heading; wrapped where it is long. */
  readonly title: string;
  /** A smaller line below it. */
  readonly subtitle?: string;
  /** Unit-major: fields[unit · sites + site]. On the torus site = x·Ly + y. */
  readonly fields: Float32Array | Float64Array;
  /** Units in `fields`. */
  readonly units: number;
  /** [Lx, Ly] of a torus or [N] of a chain, in sites. */
  readonly shape: readonly number[];
  /** One name per unit, drawn above the tiles or beside the rows if they all fit. */
  readonly labels?: readonly string[];
  /** Draw at most this many units, the first ones, and say so. Default 400. */
  readonly maxUnits?: number;
  /** Tiles per row on the torus, at most six of which leave room between them. Default: near-square. */
  readonly columns?: number;
  /** What the colours mean, with unit. `_{…}` and `^{…}` set subscripts and superscripts. */
  readonly colorLabel?: string;
  /** The colours' limits are ± this percentile of |w| over the units drawn; below 100 the figure says so. Default 100. */
  readonly percentile?: number;
}

const MARGIN = 24;
const SMALLEST_WIDTH = 640;
const DEFAULT_COLOR_LABEL = "weight W_{ij} (dimensionless)";
const TITLE = { size: 18, line: 24 } as const;
const SUBTITLE = { size: 13, line: 18, color: FADED_INK } as const;
const NOTE = { size: 11, line: 15, color: FADED_INK } as const;
/** Above this width in pixels a PNG of one pixel per pixel is large enough. */
const WIDE = 1800;

/**
 * Draw the receptive fields of one layer, all on one diverging colour scale centred at zero: orange positive, blue
 * negative, near white zero. On the torus each unit is a tile of Lx × Ly sites, x to the right and y down, units in
 * reading order; on the chain each unit is a row and each site a column. Colours are rounded to 121 steps.
 * @throws DomainError if a field is not finite or a count is not positive, DataError if lengths disagree.
 */
export async function mosaicFigure(options: MosaicOptions): Promise<Figure> {
  const sites = checkedSites(options);
  const units = Math.min(options.units, options.maxUnits ?? 400);
  const fields = options.fields.subarray(0, units * sites);
  const limit = symmetricLimit(fields, options.percentile ?? 100);
  const scaled: ScaledFields = { fields, units, sites, limit };
  const labels = options.labels?.slice(0, units);
  const drawing =
    options.shape.length === 1
      ? chainDrawing(scaled, labels)
      : torusDrawing(scaled, [options.shape[0], options.shape[1]], labels, options.columns);
  const { svg, width } = assemble(options, drawing, limit, notes(options, units, fields, limit));
  return { svg, png: await svgToPng(svg, width > WIDE ? 1 : PNG_SCALE) };
}

/** Title, subtitle, drawing, key beside colour bar, notes: from top to bottom. */
function assemble(options: MosaicOptions, drawing: Drawing, limit: number, noteTexts: readonly string[]) {
  const width = Math.max(drawing.width + 2 * MARGIN, SMALLEST_WIDTH);
  const elements: string[] = [];
  let y = 14;
  const paragraph = (text: string, style: { size: number; line: number; color?: string }): void => {
    for (const line of wrapText(text, style.size, width - 2 * MARGIN)) {
      y += style.line;
      elements.push(textElement(MARGIN, y, line, style));
    }
  };
  paragraph(options.title, TITLE);
  paragraph(options.subtitle ?? "", SUBTITLE);
  y += 16;
  const left = Math.floor((width - drawing.width) / 2);
  elements.push(`<g transform="translate(${left} ${y})">`, ...drawing.elements, "</g>");
  y += drawing.height + 18;
  const barLeft = width - MARGIN - OVERHANG - COLOR_BAR_WIDTH;
  elements.push(...colorBar(barLeft, y, limit, options.colorLabel ?? DEFAULT_COLOR_LABEL));
  elements.push(`<g transform="translate(${MARGIN} ${y})">`, ...drawing.key, "</g>");
  y += COLOR_BAR_HEIGHT;
  for (const text of noteTexts) paragraph(text, NOTE);
  return { svg: svgDocument(width, y + MARGIN, options.title, elements), width };
}

/** What a reader must know and cannot see: units left out, colours that saturate, fields that vanish. */
function notes(
  { units, percentile }: MosaicOptions,
  shown: number,
  fields: Float32Array | Float64Array,
  limit: number,
): string[] {
  const texts: string[] = [];
  if (shown < units) texts.push(`The first ${shown} of ${units} units are shown.`);
  const largest = symmetricLimit(fields, 100);
  if (largest === 0) texts.push("All values shown are zero.");
  if (limit < largest) {
    texts.push(
      `Colours saturate at percentile ${percentile ?? 100} of the magnitudes shown, ${formatNumber(limit)}; ` +
        `the largest magnitude is ${formatNumber(largest)}.`,
    );
  }
  return texts;
}

/** Number of sites, after every check on the options. */
function checkedSites({ fields, units, shape, labels, maxUnits, columns }: MosaicOptions): number {
  if (shape.length < 1 || shape.length > 2) {
    throw new DomainError(
      `mosaic: lattice of ${shape.length} dimensions; expected [N] of a chain or [Lx, Ly] of a torus.`,
    );
  }
  const counts = [
    ["units", units],
    ["maxUnits", maxUnits ?? 1],
    ["columns", columns ?? 1],
    ...shape.map((side) => ["lattice side", side]),
  ];
  for (const [name, count] of counts as [string, number][]) {
    if (!Number.isInteger(count) || count < 1) {
      throw new DomainError(`mosaic: ${name} is ${count}; expected a whole number ≥ 1.`);
    }
  }
  const sites = shape.reduce((product, side) => product * side, 1);
  if (fields.length !== units * sites) {
    throw new DataError(
      `mosaic: ${fields.length} values; expected ${units} units × ${sites} sites = ${units * sites}. Is the matrix unit-major?`,
    );
  }
  if (labels !== undefined && labels.length !== units) {
    throw new DataError(`mosaic: ${labels.length} labels for ${units} units; expected one each.`);
  }
  const bad = fields.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DomainError(
      `mosaic: the field of unit ${Math.floor(bad / sites)} is ${fields[bad]} at site ${bad % sites}; ` +
        "only finite values can be drawn. Look for a diverged training run.",
    );
  }
  return sites;
}
