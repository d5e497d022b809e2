export type { Curves, ReferenceLine, Series } from "./chart-data.js";
export {
  curvesFigure,
  smallMultiplesFigure,
  type CurvesOptions,
  type SmallMultiplesOptions,
} from "./curves.js";
export type { Figure } from "./figure.js";
export { centerMapFigure, type CenterMapOptions, type CenterPanel } from "./center-map.js";
export { mosaicFigure, type MosaicOptions } from "./mosaic.js";
export { renderVegaLite, svgToPng } from "./render.js";
