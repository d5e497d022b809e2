import { existsSync } from "node:fs";
import { DataError } from "../errors/index.js";
import {
  contentHash,
  csvParts,
  type CsvValue,
  encodeNpy,
  formatCsv,
  formatFloat32,
  npyParts,
  readNpy,
  sha256File,
  type TypedArray,
  writeFileAtomic,
} from "../io/index.js";
import type { LayerArrays, UnitType } from "../kernels/index.js";
import { runLayout } from "./run-layout.js";

/**
 * Write one trained layer: weights-<layer>.csv (a row per visible unit: site, x, y, bias, h0, h1, …; x and y only where
 * the visible units are lattice sites), hidden-bias-<layer>.csv, and the same numbers as float32 .npy.
 */
export function writeLayer(
  run: string,
  layer: number,
  parameters: LayerArrays,
  shape: readonly number[] | null,
): void {
  const { visible, hidden, weights, visibleBias, hiddenBias } = parameters;
  writeFileAtomic(runLayout.weightsNpy(run, layer), npyParts([visible, hidden], [weights]));
  writeFileAtomic(runLayout.visibleBiasNpy(run, layer), encodeNpy(visibleBias, [visible]));
  writeFileAtomic(runLayout.hiddenBiasNpy(run, layer), encodeNpy(hiddenBias, [hidden]));
  writeFileAtomic(runLayout.weightsCsv(run, layer), weightsCsvParts(parameters, shape));
  writeFileAtomic(
    runLayout.hiddenBiasCsv(run, layer),
    formatCsv(
      ["unit", "bias"],
      Array.from(hiddenBias, (bias, unit) => [unit, formatFloat32(bias)]),
    ),
  );
}

/** In parts: as one text with its fields the table takes some fifty times the memory of the weights. */
function weightsCsvParts(layer: LayerArrays, shape: readonly number[] | null): Iterable<string> {
  const units = Array.from({ length: layer.hidden }, (_, j) => `h${j}`);
  return csvParts(["site", "x", "y", "bias", ...units], weightsRows(layer, shape));
}

function* weightsRows(
  { visible, hidden, weights, visibleBias }: LayerArrays,
  shape: readonly number[] | null,
): Generator<readonly CsvValue[]> {
  for (let site = 0; site < visible; site++) {
    const row = Array.from(weights.subarray(site * hidden, (site + 1) * hidden), formatFloat32);
    yield [site, ...siteColumns(site, shape), formatFloat32(visibleBias[site]), ...row];
  }
}

function siteColumns(site: number, shape: readonly number[] | null): readonly [number | null, number | null] {
  if (shape === null) return [null, null];
  if (shape.length === 1) return [site, null];
  return [Math.floor(site / shape[1]), site % shape[1]];
}

/**
 * Read the layers a run has written so far, from the bottom up. DataError where shapes do not fit together.
 *
 * @param run folder of the run
 * @param units of the model, which the files of the layers do not say
 */
export function readLayers(run: string, units: UnitType): readonly LayerArrays[] {
  const layers: LayerArrays[] = [];
  for (let layer = 1; existsSync(runLayout.weightsNpy(run, layer)); layer++) {
    layers.push(readLayer(run, layer, units));
  }
  return layers;
}

/**
 * Read the parameters of one layer, exactly as they were written. DataError where shapes do not fit together or a number is
 * not finite.
 */
export function readLayer(run: string, layer: number, units: UnitType): LayerArrays {
  const path = runLayout.weightsNpy(run, layer);
  const { shape, data } = readNpy(path);
  if (shape.length !== 2)
    throw new DataError(`${path}: expected shape (visible, hidden), found (${shape.join(", ")}).`);
  const [visible, hidden] = shape;
  requireFinite(path, data, shape);
  return {
    units,
    visible,
    hidden,
    weights: single(data),
    visibleBias: readVector(runLayout.visibleBiasNpy(run, layer), visible),
    hiddenBias: readVector(runLayout.hiddenBiasNpy(run, layer), hidden),
  };
}

/** One hash for the .npy files of a layer. MissingInputError if one of them is not there. */
export function layerHash(run: string, layer: number): string {
  const { weightsNpy, visibleBiasNpy, hiddenBiasNpy } = runLayout;
  return contentHash([weightsNpy, visibleBiasNpy, hiddenBiasNpy].map((path) => sha256File(path(run, layer))));
}

function readVector(path: string, length: number): Float32Array {
  const { shape, data } = readNpy(path);
  if (shape.length !== 1 || shape[0] !== length) {
    throw new DataError(`${path}: expected shape (${length},), found (${shape.join(", ")}).`);
  }
  requireFinite(path, data, shape);
  return single(data);
}

function requireFinite(path: string, data: TypedArray, shape: readonly number[]): void {
  let bad = 0;
  while (bad < data.length && Number.isFinite(data[bad])) bad++;
  if (bad === data.length) return;
  const place = shape.length === 1 ? [bad] : [Math.floor(bad / shape[1]), bad % shape[1]];
  throw new DataError(
    `${path} holds ${String(data[bad])} at (${place.join(", ")}); expected finite numbers. Put the original back, or train again.`,
  );
}

function single(data: TypedArray): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
