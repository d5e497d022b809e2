import { transposeRbm } from "../../rbm/ensemble.js";
import { type Rbm, type RealArray, toBinary, toSpin } from "../../rbm/parameters.js";
import { csvParts, formatFloat32, npzParts, type ShapedArray } from "../../io/index.js";
import type { LayerArrays } from "../../kernels/index.js";
import { type Convention, conventionNames, layerNames } from "./convention.js";

/** A layer in the convention of another program. */
export interface ExportedLayer {
  /** W, shape rows × columns in the chosen orientation. */
  readonly weights: RealArray;
  readonly rows: number;
  readonly columns: number;
  readonly visibleBias: RealArray;
  readonly hiddenBias: RealArray;
  /** ln Z of the layer given less ln Z of what is exported: 0 unless the units are converted. */
  readonly logPartitionShift: number;
}

/**
 * A layer written in another convention: the same distribution over the same configurations. Its numbers are those of the
 * layer in single precision; in double precision where the units are converted.
 */
export function exportLayer(layer: LayerArrays, { units, energy, orientation }: Convention): ExportedLayer {
  const { rbm, constant } = units === "spin" ? toSpin(layer) : toBinary(layer);
  const signed = energy === "plus" ? negated(rbm) : rbm;
  const placed = orientation === "hidden-visible" ? transposeRbm(signed) : signed;
  return {
    // Transposing has put single-precision numbers into double precision.
    weights: signed.weights instanceof Float32Array ? Float32Array.from(placed.weights) : placed.weights,
    rows: placed.visible,
    columns: placed.hidden,
    visibleBias: signed.visibleBias,
    hiddenBias: signed.hiddenBias,
    logPartitionShift: constant,
  };
}

/** The same distribution where the energy has the other sign: all parameters negated, zeros without a sign. */
export function negated(rbm: Rbm): Rbm {
  const negative = <T extends RealArray>(values: T): T => values.map((x) => 0 - x) as T;
  return {
    ...rbm,
    weights: negative(rbm.weights),
    visibleBias: negative(rbm.visibleBias),
    hiddenBias: negative(rbm.hiddenBias),
  };
}

/** The bytes of a .npz file of layers, from the bottom up, with the numbers that say how to read it. */
export function exportedNpz(layers: readonly ExportedLayer[], convention: Convention): Iterable<Uint8Array> {
  const { units, energy, orientation } = convention;
  const flag = (value: number): ShapedArray => ({ data: Int8Array.of(value), shape: [] });
  return npzParts([
    ...layers.flatMap((layer, index) => layerArrays(layer, layers.length === 1 ? "" : `_${index + 1}`)),
    [conventionNames.lowerState, flag(units === "spin" ? -1 : 0)],
    [conventionNames.energySign, flag(energy === "minus" ? -1 : 1)],
    [conventionNames.hiddenFirst, flag(orientation === "hidden-visible" ? 1 : 0)],
  ]);
}

function layerArrays(
  { weights, rows, columns, visibleBias, hiddenBias, logPartitionShift }: ExportedLayer,
  suffix: string,
): readonly (readonly [string, ShapedArray])[] {
  return [
    [`${layerNames.weights}${suffix}`, { data: weights, shape: [rows, columns] }],
    [`${layerNames.visibleBias}${suffix}`, { data: visibleBias, shape: [visibleBias.length] }],
    [`${layerNames.hiddenBias}${suffix}`, { data: hiddenBias, shape: [hiddenBias.length] }],
    [`${layerNames.logPartitionShift}${suffix}`, { data: Float64Array.of(logPartitionShift), shape: [] }],
  ];
}

/** The text of a table of weights, in parts: a line of names, then a line for each row of the matrix. */
export function exportedWeightsCsv(
  { weights, rows, columns }: ExportedLayer,
  { orientation }: Convention,
): Iterable<string> {
  const letter = orientation === "visible-hidden" ? "h" : "v";
  const names = Array.from({ length: columns }, (_, index) => `${letter}${index}`);
  const lines = function* (): Generator<readonly (string | number)[]> {
    for (let row = 0; row < rows; row++) {
      yield Array.from(weights.subarray(row * columns, (row + 1) * columns), written(weights));
    }
  };
  return csvParts(names, lines());
}

/** The text of a table of biases: a line with the name, then a bias a line. */
export function exportedBiasCsv(name: string, bias: RealArray): Iterable<string> {
  return csvParts(
    [name],
    Array.from(bias, (value) => [written(bias)(value)]),
  );
}

/** Numbers as short as they can be read back from. */
function written(values: RealArray): (value: number) => string | number {
  return values instanceof Float32Array ? formatFloat32 : (value) => value;
}
