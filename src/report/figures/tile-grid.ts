import { textWidth } from "./font.js";

/** Width of the drawing a mosaic aims at, in SVG pixels (the figure adds its margins). */
export const TARGET_WIDTH = 852;

const LARGEST_TILE = 420;
const BORDER = 1;
export const TILE_LABEL_SIZE = 11;
const LABEL_BAND = 16;

/** Where the tiles of a mosaic lie, in SVG pixels from the drawing's upper left corner. Every length is whole. */
export interface TileGrid {
  readonly columns: number;
  readonly rows: number;
  /** Pixels per lattice site, in both directions. */
  readonly pixelsPerSite: number;
  /** Width and height of a tile without its border. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly border: number;
  /** Distance from one tile to the next one's same corner. */
  readonly pitchX: number;
  readonly pitchY: number;
  /** Height kept free above each tile for its label; 0 if labels are not drawn. */
  readonly labelBand: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Arrange `units` tiles of Lx × Ly sites: up to three in one row, more in the near-square grid of
 * ⌈√(units · Ly/Lx)⌉ columns, or in as many as `given`; each site the whole number
 * of pixels, at least one, that comes closest to the target width. Labels are
 * given room only if every one of them fits above its tile.
 */
export function tileGrid(
  units: number,
  [lx, ly]: readonly [number, number],
  labels?: readonly string[],
  given?: number,
): TileGrid {
  const square = units <= 3 ? units : Math.ceil(Math.sqrt((units * ly) / lx));
  const columns = Math.min(units, given ?? square);
  const rows = Math.ceil(units / columns);
  const spacing = columns <= 6 ? 8 : columns <= 12 ? 3 : -BORDER; // many tiles share their borders
  const room = (TARGET_WIDTH + spacing) / columns - spacing - 2 * BORDER;
  const pixelsPerSite = Math.max(
    1,
    Math.min(Math.round(room / lx), Math.floor(LARGEST_TILE / Math.max(lx, ly))),
  );
  const [tileWidth, tileHeight] = [lx * pixelsPerSite, ly * pixelsPerSite];
  const fits = labels?.every((label) => textWidth(label, TILE_LABEL_SIZE) <= tileWidth) ?? false;
  const labelBand = fits ? LABEL_BAND : 0;
  const pitchX = tileWidth + 2 * BORDER + spacing;
  const pitchY = tileHeight + 2 * BORDER + spacing + labelBand;
  return {
    columns,
    rows,
    pixelsPerSite,
    tileWidth,
    tileHeight,
    border: BORDER,
    pitchX,
    pitchY,
    labelBand,
    width: columns * pitchX - spacing,
    height: rows * pitchY - spacing,
  };
}
