import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { sampleHiddenLayer } from "../../rbm/stack.js";
import { latticeGeometry } from "../lattice-geometry.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import { measureReceptiveFields } from "../receptive-field.js";
import type { MagnetizationReference } from "../thermometers/index.js";
import { receptiveFields } from "../weight-product.js";
import { type FlowStart, readState } from "./gibbs-flow.js";
import { type HiddenLayout, layOut, onGrid } from "./hidden-layout.js";
import type { FlowPoint, Trajectory } from "./trajectory.js";

/** Where the units of each layer of a stack lie, from the bottom up, as far as they fill grids. */
export function layOutStack(layers: readonly LayerArrays[], shape: TorusShape): readonly HiddenLayout[] {
  const geometry = latticeGeometry(shape);
  const layouts: HiddenLayout[] = [];
  for (const fields of receptiveFields(layers)) {
    const layout = layOut(measureReceptiveFields(fields, geometry), shape);
    if (layout === null) break;
    layouts.push(layout);
  }
  return layouts;
}

/**
 * The flow from layer to layer: h⁽¹⁾ of P(h|v), h⁽²⁾ of P(h|h⁽¹⁾), …, each on the grid of its layout, with the thermometers of
 * every layer. `referenceOf` gives the reference of a grid's shape.
 */
export async function layerFlow(
  layers: readonly LayerArrays[],
  layouts: readonly HiddenLayout[],
  { coupling, rows, chains, state }: FlowStart,
  shape: TorusShape,
  referenceOf: (shape: TorusShape) => MagnetizationReference,
  key: SeedKey,
  kernels: Kernels,
  pause: () => void | Promise<void> = () => undefined,
): Promise<Trajectory> {
  const points: FlowPoint[] = [{ step: 0, shape, state }];
  let units: BitMatrix = rows;
  for (const [index, layout] of layouts.entries()) {
    await pause();
    units = sampleHiddenLayer(layers[index], units, deriveKey(key, "layer", index + 1), kernels);
    const reference = referenceOf(layout.shape);
    const read = readState(onGrid(units, layout), layout.shape, chains, reference);
    points.push({ step: index + 1, shape: layout.shape, state: read });
  }
  return { start: coupling, points };
}
