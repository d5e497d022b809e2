import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MissingInputError } from "../../errors/index.js";

/** The shipped font first; Verdana shares its widths, so that an SVG looks the same where DejaVu is not installed. */
export const FONT_FAMILY = "DejaVu Sans, Verdana, sans-serif";

/** The name by which the shipped font file declares itself. */
export const FONT_NAME = "DejaVu Sans";

const fontUrl = new URL("../../../assets/fonts/DejaVuSans.ttf", import.meta.url);

/** Horizontal metrics of a TrueType font, in font units. */
interface FontMetrics {
  readonly unitsPerEm: number;
  /** advance[glyph]: distance from this glyph's origin to the next one's. */
  readonly advances: Uint16Array;
  /** Code point to glyph number; a missing entry is glyph 0, the replacement box. */
  readonly glyphs: ReadonlyMap<number, number>;
}

let cached: FontMetrics | undefined;

/** Path of the shipped font file. @throws MissingInputError if the installation lost it. */
export function fontPath(): string {
  loadMetrics();
  return fileURLToPath(fontUrl);
}

/**
 * Width of one line of text in pixels at the given font size: the sum of the glyphs' advance widths in the shipped
 * font, kerning left out. @throws MissingInputError if the font file is missing.
 */
export function textWidth(text: string, fontSize: number): number {
  const { unitsPerEm, advances, glyphs } = loadMetrics();
  let units = 0;
  for (const character of text) {
    const glyph = glyphs.get(character.codePointAt(0)!) ?? 0;
    units += advances[Math.min(glyph, advances.length - 1)];
  }
  return (units * fontSize) / unitsPerEm;
}

/** Break text into lines of at most `width` pixels, between words where possible and within a word where not. */
export function wrapText(text: string, fontSize: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (textWidth(joined, fontSize) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of word) {
      if (line !== "" && textWidth(line + character, fontSize) > width) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

function loadMetrics(): FontMetrics {
  if (cached !== undefined) return cached;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(fontUrl);
  } catch {
    throw new MissingInputError(
      `font ${fileURLToPath(fontUrl)}: the file that labels every figure cannot be read. It is part of this package; reinstall rbm-rg.`,
    );
  }
  cached = parseMetrics(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return cached;
}

/** Read the tables head, hhea, hmtx and cmap (OpenType specification 1.9). */
function parseMetrics(font: DataView): FontMetrics {
  const tables = new Map<string, number>();
  for (let i = 0, record = 12; i < font.getUint16(4); i++, record += 16) {
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => font.getUint8(record + k)));
    tables.set(tag, font.getUint32(record + 8));
  }
  const advances = new Uint16Array(font.getUint16(tables.get("hhea")! + 34));
  for (let glyph = 0; glyph < advances.length; glyph++) {
    advances[glyph] = font.getUint16(tables.get("hmtx")! + 4 * glyph);
  }
  const unitsPerEm = font.getUint16(tables.get("head")! + 18);
  return { unitsPerEm, advances, glyphs: parseCharacterMap(font, tables.get("cmap")!) };
}

/** The character map's format 12 subtable (the shipped font has one): runs of code points with consecutive glyphs. */
function parseCharacterMap(font: DataView, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let i = 0; i < font.getUint16(cmap + 2); i++) {
    const subtable = cmap + font.getUint32(cmap + 4 + 8 * i + 4);
    if (font.getUint16(subtable) !== 12) continue;
    for (let group = 0; group < font.getUint32(subtable + 12); group++) {
      const at = subtable + 16 + 12 * group;
      const first = font.getUint32(at);
      const last = font.getUint32(at + 4);
      for (let code = first; code <= last; code++) glyphs.set(code, font.getUint32(at + 8) + code - first);
    }
  }
  return glyphs;
}
