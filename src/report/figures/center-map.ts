import { DataError } from "../../errors/index.js";
import type { Figure } from "./figure.js";
import { wrapText } from "./font.js";
import { PNG_SCALE, svgToPng } from "./render.js";
import { FADED_INK, frameElement, INK, lineElement, svgDocument, textElement } from "./svg.js";

/** The units of one layer on the lattice. */
export interface CenterPanel {
  readonly title: string;
  /** Centres in sites, in [0, L) along each axis; on a chain y is 0. Units without a centre are left out by the caller. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Radii of the circles, in sites. */
  readonly radius: readonly number[];
}

/** Where the hidden units of several layers look. */
export interface CenterMapOptions {
  readonly title: string;
  readonly subtitle?: string;
  /** [Lx, Ly] of a torus or [N] of a chain, in sites. */
  readonly shape: readonly number[];
  readonly panels: readonly CenterPanel[];
}

const MARGIN = 24;
const GAP = 36;
const AXIS = { left: 40, bottom: 40 } as const;
const PANEL_TITLE = 38;
/** Width of the lattice in pixels; a chain is drawn as a strip. */
const SIDE = 300;
const STRIP = 60;
const TITLE = { size: 18, line: 24 } as const;
const SUBTITLE = { size: 13, line: 18, color: FADED_INK } as const;
const TICK = { size: 11, color: INK } as const;
const CIRCLE_COLOR = "#0072B2";

/**
 * Draw the lattice of each layer with a dot at every unit's centre and a circle of its radius around it, to scale; circles
 * that leave the torus on one side come back on the other. x goes to the right and y down, as in the mosaics.
 * @throws DataError if there is no panel or a panel's lists differ in length.
 */
export async function centerMapFigure(options: CenterMapOptions): Promise<Figure> {
  const { title, subtitle, shape, panels } = options;
  for (const { x, y, radius, title: name } of panels) {
    if (x.length !== y.length || x.length !== radius.length) {
      throw new DataError(
        `centre map "${name}": ${x.length}, ${y.length} and ${radius.length} values of x, y and radius; expected equally many.`,
      );
    }
  }
  if (panels.length === 0) throw new DataError("centre map without panels: at least one is needed.");
  const scale = SIDE / shape[0];
  const height = shape.length === 1 ? STRIP : shape[1] * scale;
  const pitch = AXIS.left + SIDE + GAP;
  const width = 2 * MARGIN + panels.length * pitch - GAP;
  const elements: string[] = [];
  let top = 14;
  for (const [text, style] of [
    [title, TITLE],
    [subtitle ?? "", SUBTITLE],
  ] as const) {
    for (const line of wrapText(text, style.size, width - 2 * MARGIN)) {
      top += style.line;
      elements.push(textElement(MARGIN, top, line, style));
    }
  }
  top += PANEL_TITLE;
  panels.forEach((panel, index) => {
    const left = MARGIN + index * pitch + AXIS.left;
    elements.push(...panelElements(panel, shape, index + 1, { left, top, scale, height }));
  });
  const svg = svgDocument(width, Math.ceil(top + height) + AXIS.bottom + MARGIN, title, elements);
  return { svg, png: await svgToPng(svg, PNG_SCALE) };
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  readonly height: number;
}

function panelElements(
  panel: CenterPanel,
  shape: readonly number[],
  number: number,
  { left, top, scale, height }: Place,
): readonly string[] {
  const clip = `panel${number}`;
  const marks = panel.x.flatMap((x, unit) =>
    copies(x, panel.y[unit], panel.radius[unit], shape).map(([cx, cy]) => {
      const at = `cx="${pixel(cx * scale)}" cy="${pixel(shape.length === 1 ? height / 2 : cy * scale)}"`;
      const r = pixel(panel.radius[unit] * scale);
      return (
        `<circle ${at} r="${r}" fill="${CIRCLE_COLOR}" fill-opacity="0.05" stroke="${CIRCLE_COLOR}" stroke-width="0.7"/>` +
        `<circle ${at} r="1.6" fill="${INK}"/>`
      );
    }),
  );
  return [
    textElement(left, top - 8, panel.title, { size: 14 }),
    `<clipPath id="${clip}"><rect x="0" y="0" width="${SIDE}" height="${height}"/></clipPath>`,
    `<g transform="translate(${left} ${top})"><g clip-path="url(#${clip})">`,
    ...marks,
    `</g></g>`,
    frameElement(left, top, SIDE, Math.round(height), "#888888"),
    ...axisElements(shape, { left, top, scale, height }),
  ];
}

/** The centre and its periodic copies whose circles reach into the lattice. Sites are squares around whole numbers. */
function copies(
  x: number,
  y: number,
  radius: number,
  shape: readonly number[],
): readonly (readonly [number, number])[] {
  const along = (value: number, side: number): readonly number[] =>
    [-side, 0, side]
      .map((shift) => value + 0.5 + shift)
      .filter((place) => place + radius > 0 && place - radius < side);
  const ys = shape.length === 1 ? [0] : along(y, shape[1]);
  return along(x, shape[0]).flatMap((px) => ys.map((py) => [px, py] as const));
}

function axisElements(shape: readonly number[], { left, top, scale, height }: Place): readonly string[] {
  const bottom = top + Math.round(height);
  const ticks = (side: number): readonly number[] => [0, Math.floor(side / 2), side];
  const horizontal = ticks(shape[0]).flatMap((site) => [
    lineElement(left + site * scale, bottom, left + site * scale, bottom + 4, "#888888"),
    textElement(left + site * scale, bottom + 16, String(site), { ...TICK, anchor: "middle" }),
  ]);
  const vertical =
    shape.length === 1
      ? []
      : ticks(shape[1]).flatMap((site) => [
          lineElement(left - 4, top + site * scale, left, top + site * scale, "#888888"),
          textElement(left - 7, top + site * scale + 4, String(site), { ...TICK, anchor: "end" }),
        ]);
  return [
    ...horizontal,
    ...vertical,
    textElement(left + SIDE / 2, bottom + 34, "x (sites)", { size: 12, anchor: "middle" }),
    ...(shape.length === 1
      ? []
      : [textElement(left - 28, top + height / 2, "y (sites)", { size: 12, anchor: "middle", rotate: -90 })]),
  ];
}

/** A length with two decimals, enough for the eye and the same on every machine. */
function pixel(value: number): string {
  return String(Number(value.toFixed(2)));
}
