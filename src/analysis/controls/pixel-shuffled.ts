import type { LayerArrays } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { randomOrder } from "./random-order.js";

/**
 * The layer with the weights of every hidden unit put on the visible units in random order, another one for each hidden unit.
 * Norm, peak, participation ratio and sign coherence of each unit stay; its place and size in space do not mean anything.
 */
export function pixelShuffled(layer: LayerArrays, key: SeedKey): LayerArrays {
  const { visible, hidden } = layer;
  const weights = new Float32Array(visible * hidden);
  for (let j = 0; j < hidden; j++) {
    const order = randomOrder(visible, deriveKey(key, "analysis", j));
    for (let i = 0; i < visible; i++) weights[i * hidden + j] = layer.weights[order[i] * hidden + j];
  }
  return { ...layer, weights };
}

/** The same for fields on a lattice, unit-major, units × sites. */
export function shuffledFields(fields: Float64Array, sites: number, key: SeedKey): Float64Array {
  const out = new Float64Array(fields.length);
  for (let first = 0, unit = 0; first < fields.length; first += sites, unit++) {
    const order = randomOrder(sites, deriveKey(key, "analysis", unit));
    for (let site = 0; site < sites; site++) out[first + site] = fields[first + order[site]];
  }
  return out;
}
