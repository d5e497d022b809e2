import { FONT_FAMILY } from "./font.js";

/** Colour of titles, ticks and frames. */
export const INK = "#222222";
/** Colour of subtitles and notes. */
export const FADED_INK = "#555555";

/** How a line of text is set. */
export interface TextStyle {
  /** Font size in pixels. */
  readonly size: number;
  readonly color?: string;
  /** Which point of the text lies at x. Default `start`. */
  readonly anchor?: "start" | "middle" | "end";
  /** Turn the text by this many degrees about (x, y). Default 0. */
  readonly rotate?: number;
}

/** Characters that XML 1.0 does not allow in a document, not even escaped. */
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Remove the control characters that would make a document ill-formed. */
export function stripIllegal(xml: string): string {
  return xml.replace(illegal, "");
}

/** Text as XML character data or attribute value. */
function escapeXml(text: string): string {
  return stripIllegal(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/**
 * A `<text>` element with its baseline at (x, y). `_{…}` and `^{…}` set subscripts and superscripts: shifted by hand,
 * because browsers disagree on `baseline-shift`.
 */
export function textElement(x: number, y: number, content: string, style: TextStyle): string {
  const attributes = [
    `x="${x}" y="${y}" font-size="${style.size}" fill="${style.color ?? INK}"`,
    style.anchor === undefined ? "" : ` text-anchor="${style.anchor}"`,
    style.rotate === undefined ? "" : ` transform="rotate(${style.rotate} ${x} ${y})"`,
  ].join("");
  return `<text ${attributes}>${scripts(content, style.size)}</text>`;
}

/** Text as it is set, without the marks for subscripts and superscripts: what `textWidth` should measure. */
export function plainText(content: string): string {
  return content.replace(/[_^]\{([^}]*)\}/g, "$1");
}

function scripts(content: string, size: number): string {
  const small = Math.round(size * 0.72);
  const shift = Math.round(size * 0.25);
  let raised = 0;
  return content
    .split(/([_^]\{[^}]*\})/)
    .filter((part) => part !== "")
    .map((part) => {
      const script = /^([_^])\{([^}]*)\}$/.exec(part);
      const target = script === null ? 0 : script[1] === "_" ? shift : -shift;
      const step = target - raised;
      raised = target;
      if (script !== null) return `<tspan dy="${step}" font-size="${small}">${escapeXml(script[2])}</tspan>`;
      return step === 0 ? escapeXml(part) : `<tspan dy="${step}">${escapeXml(part)}</tspan>`;
    })
    .join("");
}

/** A filled rectangle on whole pixels, without blurred edges. */
export function rectElement(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" shape-rendering="crispEdges"/>`;
}

/** The outline of a rectangle, one pixel wide, drawn just inside it. */
export function frameElement(x: number, y: number, width: number, height: number, stroke: string): string {
  return `<rect x="${x + 0.5}" y="${y + 0.5}" width="${width - 1}" height="${height - 1}" fill="none" stroke="${stroke}"/>`;
}

/** A straight line, one pixel wide. */
export function lineElement(x1: number, y1: number, x2: number, y2: number, stroke = INK): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"/>`;
}

/** A PNG file drawn at (x, y), its pixels left sharp. */
export function imageElement(x: number, y: number, width: number, height: number, png: Uint8Array): string {
  const data = Buffer.from(png).toString("base64");
  return (
    `<image x="${x}" y="${y}" width="${width}" height="${height}" image-rendering="optimizeSpeed" ` +
    `style="image-rendering:pixelated" xlink:href="data:image/png;base64,${data}"/>`
  );
}

/** A complete SVG document on a white ground; `title` is read aloud by screen readers. */
export function svgDocument(
  width: number,
  height: number,
  title: string,
  elements: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" ` +
      `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONT_FAMILY}">`,
    `<title>${escapeXml(plainText(title))}</title>`,
    rectElement(0, 0, width, height, "#ffffff"),
    ...elements,
    "</svg>",
    "",
  ].join("\n");
}
