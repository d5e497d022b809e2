export type { ReferenceLine, Series } from "./chart-data.js";
export { curvesFigure, smallMultiplesFigure } from "./curves.js";
export type { Figure } from "./figure.js";
export { centerMapFigure } from "./center-map.js";
export { mosaicFigure } from "./mosaic.js";
export { renderVegaLite, svgToPng } from "./render.js";
