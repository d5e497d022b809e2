import { divergingPalette, paletteIndex, type Rgb } from "./diverging-scale.js";
import type { IndexedImage } from "./indexed-png.js";
import type { TileGrid } from "./tile-grid.js";

const PAPER: Rgb = [255, 255, 255];
/** Mid grey: tells a blank tile from the paper without outshining weak weights. */
const TILE_BORDER: Rgb = [150, 150, 150];

/** Fields to draw, unit-major: fields[unit · sites + site], on a colour scale of limits ±limit. */
export interface ScaledFields {
  readonly fields: Float32Array | Float64Array;
  readonly units: number;
  readonly sites: number;
  readonly limit: number;
}

/** Draw each unit's field on the torus [Lx, Ly] (site = x·Ly + y) as a tile: x counts columns, y rows from the top. */
export function drawTiles(
  { fields, units, sites, limit }: ScaledFields,
  ly: number,
  grid: TileGrid,
): IndexedImage {
  const palette = [...divergingPalette(), PAPER, TILE_BORDER];
  const canvas = new IndexedCanvas(grid.width, grid.height, palette, palette.length - 2);
  const { pixelsPerSite: size, border } = grid;
  for (let unit = 0; unit < units; unit++) {
    const left = (unit % grid.columns) * grid.pitchX;
    const top = Math.floor(unit / grid.columns) * grid.pitchY + grid.labelBand;
    canvas.fill(left, top, grid.tileWidth + 2 * border, grid.tileHeight + 2 * border, palette.length - 1);
    for (let site = 0; site < sites; site++) {
      const x = Math.floor(site / ly);
      const y = site % ly;
      const color = paletteIndex(fields[unit * sites + site], limit);
      canvas.fill(left + border + x * size, top + border + y * size, size, size, color);
    }
  }
  return canvas;
}

/** Draw the fields of a chain as a heat map: a row for each unit, a column for each site. */
export function drawRows(
  { fields, units, sites, limit }: ScaledFields,
  cellWidth: number,
  cellHeight: number,
): IndexedImage {
  const canvas = new IndexedCanvas(sites * cellWidth, units * cellHeight, divergingPalette(), 0);
  for (let unit = 0; unit < units; unit++) {
    for (let site = 0; site < sites; site++) {
      const color = paletteIndex(fields[unit * sites + site], limit);
      canvas.fill(site * cellWidth, unit * cellHeight, cellWidth, cellHeight, color);
    }
  }
  return canvas;
}

class IndexedCanvas implements IndexedImage {
  readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly palette: readonly Rgb[],
    ground: number,
  ) {
    this.pixels = new Uint8Array(width * height).fill(ground);
  }

  fill(left: number, top: number, width: number, height: number, color: number): void {
    for (let row = top; row < top + height; row++) {
      this.pixels.fill(color, row * this.width + left, row * this.width + left + width);
    }
  }
}
