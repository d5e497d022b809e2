import { existsSync } from "node:fs";
import { DataError } from "../errors/index.js";
import { encodeNpy, formatCsv, formatFloat32, readNpy, writeFileAtomic } from "../io/index.js";
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
  writeFileAtomic(runLayout.weightsNpy(run, layer), encodeNpy(weights, [visible, hidden]));
  writeFileAtomic(runLayout.visibleBiasNpy(run, layer), encodeNpy(visibleBias, [visible]));
  writeFileAtomic(runLayout.hiddenBiasNpy(run, layer), encodeNpy(hiddenBias, [hidden]));
  writeFileAtomic(runLayout.weightsCsv(run, layer), weightsCsv(parameters, shape));
  writeFileAtomic(
    runLayout.hiddenBiasCsv(run, layer),
    formatCsv(
      ["unit", "bias"],
      Array.from(hiddenBias, (bias, unit) => [unit, formatFloat32(bias)]),
    ),
  );
}

function weightsCsv(
  { visible, hidden, weights, visibleBias }: LayerArrays,
  shape: readonly number[] | null,
): string {
  const units = Array.from({ length: hidden }, (_, j) => `h${j}`);
  const rows = Array.from({ length: visible }, (_, site) => [
    site,
    ...siteColumns(site, shape),
    formatFloat32(visibleBias[site]),
    ...Array.from(weights.subarray(site * hidden, (site + 1) * hidden), formatFloat32),
  ]);
  return formatCsv(["site", "x", "y", "bias", ...units], rows);
}

function siteColumns(site: number, shape: readonly number[] | null): readonly [number | null, number | null] {
  if (shape === null) return [null, null];
  if (shape.length === 1) return [site, null];
  return [Math.floor(site / shape[1]), site % shape[1]];
}

/** Read the layers a run has written so far, from the bottom up. DataError where shapes do not fit together. */
export function readLayers(run: string, units: UnitType): readonly LayerArrays[] {
  const layers: LayerArrays[] = [];
  for (let layer = 1; existsSync(runLayout.weightsNpy(run, layer)); layer++) {
    const path = runLayout.weightsNpy(run, layer);
    const { shape, data } = readNpy(path);
    if (shape.length !== 2)
      throw new DataError(`${path}: expected shape (visible, hidden), found (${shape.join(", ")}).`);
    const [visible, hidden] = shape;
    layers.push({
      units,
      visible,
      hidden,
      weights: Float32Array.from(data),
      visibleBias: readVector(runLayout.visibleBiasNpy(run, layer), visible),
      hiddenBias: readVector(runLayout.hiddenBiasNpy(run, layer), hidden),
    });
  }
  return layers;
}

function readVector(path: string, length: number): Float32Array {
  const { shape, data } = readNpy(path);
  if (shape.length !== 1 || shape[0] !== length) {
    throw new DataError(`${path}: expected shape (${length},), found (${shape.join(", ")}).`);
  }
  return Float32Array.from(data);
}
