import { type BlockOverlap, blockMajorityOverlaps } from "../analysis/block-majority.js";
import { measureReceptiveField, type ReceptiveField } from "../analysis/receptive-field.js";
import { receptiveFields } from "../analysis/weight-product.js";
import { meanHiddenGivenVisible } from "../rbm/energy.js";
import { type BitMatrix, type LayerArrays, rowRange, unpackRow } from "../kernels/index.js";

/** Block overlaps are averaged over this many configurations: an error of 1/√500 ≈ 0.04 at most. */
const OVERLAP_ROWS = 500;

/** The receptive fields of one layer on the lattice and their measures. */
export interface LayerFields {
  readonly layer: number;
  readonly units: number;
  /** Unit-major, units × sites. */
  readonly fields: Float64Array;
  readonly measures: readonly ReceptiveField[];
  readonly blocks: readonly BlockOverlap[];
}

/** Measure every layer of a stack on the lattice of shape [N] or [Lx, Ly]; `rows` are configurations of its sites. */
export function measureLayers(
  layers: readonly LayerArrays[],
  rows: BitMatrix,
  shape: readonly number[],
): readonly LayerFields[] {
  const sites = shape.reduce((product, side) => product * side, 1);
  const visible = rowRange(rows, 0, Math.min(rows.rows, OVERLAP_ROWS));
  const means = hiddenMeans(layers, visible);
  return receptiveFields(layers).map((fields, index) => {
    const units = layers[index].hidden;
    const measures = Array.from({ length: units }, (_, unit) =>
      measureReceptiveField(fields.subarray(unit * sites, (unit + 1) * sites), shape),
    );
    const centers = measures.map(({ center }) => center);
    return {
      layer: index + 1,
      units,
      fields,
      measures,
      blocks: blockMajorityOverlaps(visible, means[index], centers, shape),
    };
  });
}

/** ⟨h⟩ of every layer in [−1, 1] for every row, rows × units, by passing means upwards from the configurations. */
function hiddenMeans(layers: readonly LayerArrays[], visible: BitMatrix): readonly Float32Array[] {
  const means = layers.map(({ hidden }) => new Float32Array(visible.rows * hidden));
  const spins = new Float64Array(visible.columns);
  for (let row = 0; row < visible.rows; row++) {
    unpackRow(visible, row, spins, layers[0].units === "spin" ? -1 : 0, 1);
    let below: Float64Array = spins;
    layers.forEach((layer, index) => {
      below = meanHiddenGivenVisible(layer, below);
      const signed = layer.units === "spin" ? below : below.map((p) => 2 * p - 1);
      means[index].set(signed, row * layer.hidden);
    });
  }
  return means;
}
