import { type Rbm, type RealArray, toBinary, toSpin, weightMatrix } from "../../rbm/parameters.js";
import { csvParts, type EncodableArray, formatFloat32, npzParts } from "../../io/index.js";
import { arrayView, inOrder, type LayerArrays, type NdArray } from "../../kernels/index.js";
import { type Convention, conventionNames, layerNames } from "./convention.js";

/** A layer in the convention of another program. */
export interface ExportedLayer {
  /** W in the chosen orientation. */
  readonly weights: NdArray<RealArray>;
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
  const weights = weightMatrix(signed);
  return {
    weights: orientation === "hidden-visible" ? weights.transpose(1, 0) : weights,
    visibleBias: signed.visibleBias,
    hiddenBias: signed.hiddenBias,
    logPartitionShift: constant,
  };
}

/** The same distribution where the energy has the other sign: all parameters negated, zeros without a sign. */
export function negated<R extends Rbm>(rbm: R): R {
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
  const flag = (value: number): NdArray<EncodableArray> => arrayView(Int8Array.of(value), []);
  return npzParts([
    ...layers.flatMap((layer, index) => layerArrays(layer, layers.length === 1 ? "" : `_${index + 1}`)),
    [conventionNames.lowerState, flag(units === "spin" ? -1 : 0)],
    [conventionNames.energySign, flag(energy === "minus" ? -1 : 1)],
    [conventionNames.hiddenFirst, flag(orientation === "hidden-visible" ? 1 : 0)],
  ]);
}

function layerArrays(
  { weights, visibleBias, hiddenBias, logPartitionShift }: ExportedLayer,
  suffix: string,
): readonly (readonly [string, NdArray<EncodableArray>])[] {
  return [
    [`${layerNames.weights}${suffix}`, weights],
    [`${layerNames.visibleBias}${suffix}`, arrayView(visibleBias, [visibleBias.length])],
    [`${layerNames.hiddenBias}${suffix}`, arrayView(hiddenBias, [hiddenBias.length])],
    [`${layerNames.logPartitionShift}${suffix}`, arrayView(Float64Array.of(logPartitionShift), [])],
  ];
}

/** The text of a table of weights, in parts: a line of names, then a line for each row of the matrix. */
export function exportedWeightsCsv(
  { weights }: ExportedLayer,
  { orientation }: Convention,
): Iterable<string> {
  const letter = orientation === "visible-hidden" ? "h" : "v";
  const [rows, columns] = weights.shape;
  const names = Array.from({ length: columns }, (_, index) => `${letter}${index}`);
  const lines = function* (): Generator<readonly (string | number)[]> {
    for (let row = 0; row < rows; row++) {
      yield Array.from(inOrder(weights.pick(row, null)), written(weights.data));
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
