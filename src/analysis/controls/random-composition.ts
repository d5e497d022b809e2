import type { LayerArrays } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../random/index.js";
import { latticeGeometry, pointDistance } from "../lattice-geometry.js";
import { measureReceptiveFields, type ReceptiveField } from "../receptive-field.js";
import { composeFields, receptiveFields } from "../weight-product.js";
import { randomOrder } from "./random-order.js";

/**
 * The stack with its first layer as trained and every unit above it a random composition of neighbours: a random point is
 * drawn; of the unit's own |weights| the q strongest, q their participation ratio, go in random order to the q units below
 * whose fields' centres lie nearest, each with the sign of the field's sum, so that the fields add up; the next q strongest go
 * to the next q units in random order with the signs they have, and so on. Fields that grow no faster with depth than these
 * grow because they are sums of neighbours, and for no other reason.
 */
export function randomLocalComposition(
  layers: readonly LayerArrays[],
  shape: readonly number[],
  key: SeedKey,
): readonly LayerArrays[] {
  const geometry = latticeGeometry(shape);
  let [below] = receptiveFields(layers.slice(0, 1));
  return layers.map((layer, index) => {
    if (index === 0) return layer;
    const measures = measureReceptiveFields(below, geometry);
    const composed = composeLayer(layer, measures, shape, deriveKey(key, "layer", index + 1));
    below = composeFields(below, composed);
    return composed;
  });
}

function composeLayer(
  layer: LayerArrays,
  below: readonly ReceptiveField[],
  shape: readonly number[],
  key: SeedKey,
): LayerArrays {
  const { visible, hidden } = layer;
  const weights = new Float32Array(visible * hidden);
  for (let j = 0; j < hidden; j++) {
    const own = Array.from({ length: visible }, (_, i) => layer.weights[i * hidden + j]);
    own.sort((a, b) => Math.abs(b) - Math.abs(a));
    const strong = Math.max(1, Math.round(participation(own)));
    const stream = new RandomStream(deriveKey(key, "analysis", j, 0));
    const point = shape.map((side) => side * stream.nextUniform());
    const nearest = below.map(({ center, norm }, unit) => ({
      unit,
      distance: norm > 0 ? pointDistance(center, point, shape) : Infinity,
    }));
    nearest.sort((a, b) => a.distance - b.distance || a.unit - b.unit);
    for (let first = 0; first < visible; first += strong) {
      const order = randomOrder(Math.min(strong, visible - first), deriveKey(key, "analysis", j, 1 + first));
      order.forEach((from, to) => {
        const weight = own[first + from];
        const { unit } = nearest[first + to];
        weights[unit * hidden + j] = first === 0 ? below[unit].core.sign * Math.abs(weight) : weight;
      });
    }
  }
  return { ...layer, weights };
}

/** (Σ w²)²/Σ w⁴, 0 where all weights are. */
function participation(weights: readonly number[]): number {
  let [square, fourth] = [0, 0];
  for (const w of weights) {
    square += w * w;
    fourth += w * w * w * w;
  }
  return fourth === 0 ? 0 : (square * square) / fourth;
}
