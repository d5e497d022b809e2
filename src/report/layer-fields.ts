import { type BlockOverlap, blockMajorityOverlaps } from "../analysis/block-majority.js";
import { measureReceptiveField, type ReceptiveField } from "../analysis/receptive-field.js";
import { receptiveFields } from "../analysis/weight-product.js";
import { meanHiddenGivenVisible } from "../rbm/energy.js";
import { type BitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";

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
  kernels: Kernels,
): readonly LayerFields[] {
  const sites = shape.reduce((product, side) => product * side, 1);
  const visible = rowRange(rows, 0, Math.min(rows.rows, OVERLAP_ROWS));
  const means = hiddenMeans(layers, visible, kernels);
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

/**
 * ⟨h⟩ of every layer in [−1, 1] for every row, rows × units, by passing means upwards from the configurations. Above the
 * first layer the units below are not bits but means, which the kernels do not take; those layers are small.
 */
export function hiddenMeans(
  layers: readonly LayerArrays[],
  visible: BitMatrix,
  kernels: Kernels,
): readonly Float32Array[] {
  const { rows } = visible;
  const all: Float32Array[] = [];
  for (const layer of layers) {
    const means = new Float32Array(rows * layer.hidden);
    const below = all.at(-1);
    if (below === undefined) kernels.rbm.hiddenGivenVisible(layer, visible, { means });
    else {
      for (let row = 0; row < rows; row++) {
        const input = below.subarray(row * layer.visible, (row + 1) * layer.visible);
        means.set(meanHiddenGivenVisible(layer, input), row * layer.hidden);
      }
    }
    all.push(means);
  }
  return layers.map(({ units }, index) => (units === "spin" ? all[index] : all[index].map((p) => 2 * p - 1)));
}
