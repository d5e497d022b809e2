import type { Drawing } from "./drawing.js";
import { encodeIndexedPng } from "./indexed-png.js";
import { drawTiles, type ScaledFields } from "./mosaic-raster.js";
import { FADED_INK, imageElement, lineElement, textElement } from "./svg.js";
import { TILE_LABEL_SIZE, tileGrid, type TileGrid } from "./tile-grid.js";

/** Shortest scale bar in pixels that can still be seen. */
const VISIBLE = 16;

/** One tile per unit on the torus [Lx, Ly], names above the tiles, and a scale bar as the key. */
export function torusDrawing(
  fields: ScaledFields,
  shape: readonly [number, number],
  labels?: readonly string[],
  columns?: number,
): Drawing {
  const grid = tileGrid(fields.units, shape, labels, columns);
  const raster = drawTiles(fields, shape[1], grid);
  return {
    width: grid.width,
    height: grid.height,
    elements: [
      imageElement(0, 0, grid.width, grid.height, encodeIndexedPng(raster)),
      ...(grid.labelBand > 0 ? tileLabels(grid, labels ?? []) : []),
    ],
    key: scaleBar(shape, grid.pixelsPerSite),
  };
}

function tileLabels(grid: TileGrid, labels: readonly string[]): string[] {
  return labels.map((label, unit) => {
    const x = (unit % grid.columns) * grid.pitchX + grid.border + grid.tileWidth / 2;
    const y = Math.floor(unit / grid.columns) * grid.pitchY + grid.labelBand - 4;
    return textElement(x, y, label, { size: TILE_LABEL_SIZE, anchor: "middle" });
  });
}

function scaleBar([lx, ly]: readonly [number, number], pixelsPerSite: number): string[] {
  const sites = scaleBarSites(lx, pixelsPerSite);
  const length = sites * pixelsPerSite;
  const label = sites === 1 ? "1 site" : `${sites} sites`;
  return [
    lineElement(0.5, 4, 0.5, 14),
    lineElement(length - 0.5, 4, length - 0.5, 14),
    `<rect x="0" y="8" width="${length}" height="2" fill="#222222"/>`,
    textElement(length + 8, 13, label, { size: 12 }),
    textElement(0, 33, `each tile: ${lx} × ${ly} sites,`, { size: 12, color: FADED_INK }),
    textElement(0, 49, "x to the right, y down", { size: 12, color: FADED_INK }),
  ];
}

/** The largest of 1, 2, 5, 10, … sites within a third of the tile, or the next that can be seen, up to the whole tile. */
function scaleBarSites(lx: number, pixelsPerSite: number): number {
  let best = 1;
  for (let decade = 1; decade <= lx; decade *= 10) {
    for (const sites of [decade, 2 * decade, 5 * decade]) {
      const invisible = best * pixelsPerSite < VISIBLE;
      if (3 * sites <= lx || (invisible && sites <= lx)) best = sites;
    }
  }
  return best;
}
