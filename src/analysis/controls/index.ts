import { type BitMatrix, type LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import { twoPointFunction } from "../two-point-function.js";
import { gaussianClone, sampleGaussianClone } from "./gaussian-clone.js";
import { infiniteTemperature } from "./infinite-temperature.js";
import { meanField } from "./mean-field.js";
import { pixelShuffled } from "./pixel-shuffled.js";
import { randomLocalComposition } from "./random-composition.js";
import { sitePermuted } from "./site-permuted.js";
import { untrained } from "./untrained.js";
import { zeroOrInfiniteTemperature } from "./zero-or-infinite-temperature.js";

/** A null experiment that changes the data before training. */
export interface DataControl {
  readonly kind: "data";
  readonly description: string;
  /** The data to train on instead, as many rows; `shape` is that of the lattice. A function of (rows, shape, key) alone. */
  readonly transform: (rows: BitMatrix, shape: readonly number[], key: SeedKey) => BitMatrix;
}

/** A null experiment that changes the trained layers before they are analysed. */
export interface WeightControl {
  readonly kind: "weights";
  readonly description: string;
  /** The layers to analyse instead, of the same sizes. `initialDeviation` is that of the weights before training. */
  readonly transform: (
    layers: readonly LayerArrays[],
    shape: readonly number[],
    initialDeviation: number,
    key: SeedKey,
  ) => readonly LayerArrays[];
}

/** The controls that change the data, by name. */
export const dataControls = {
  "infinite-temperature": {
    kind: "data",
    description: "independent fair spins in place of the configurations",
    transform: (rows, _shape, key) => infiniteTemperature(rows, key),
  },
  "zero-or-infinite-temperature": {
    kind: "data",
    description: "configurations of T = 0 and of T = ∞ in turn, none between",
    transform: (rows, _shape, key) => zeroOrInfiniteTemperature(rows, key),
  },
  "mean-field": {
    kind: "data",
    description: "each configuration with its sites in an order of its own",
    transform: (rows, _shape, key) => meanField(rows, key),
  },
  "site-permuted": {
    kind: "data",
    description: "the sites in another order, the same for all configurations",
    transform: (rows, _shape, key) => sitePermuted(rows, key),
  },
  "gaussian-clone": {
    kind: "data",
    description: "signs of a Gaussian field with the two-point function of the configurations",
    transform: (rows, shape, key) =>
      sampleGaussianClone(gaussianClone(twoPointFunction(rows, shape), shape), rows.rows, key),
  },
} as const satisfies Readonly<Record<string, DataControl>>;

/** The controls that change what was trained, by name. Zero epochs are as good as `untrained`, and take no training. */
export const weightControls = {
  untrained: {
    kind: "weights",
    description: "weights as before training",
    transform: (layers, _shape, initialDeviation, key) => untrained(layers, initialDeviation, key),
  },
  "pixel-shuffled": {
    kind: "weights",
    description: "the weights of each first-layer unit on the sites in random order",
    transform: (layers, _shape, _deviation, key) => [pixelShuffled(layers[0], key), ...layers.slice(1)],
  },
  "random-composition": {
    kind: "weights",
    description: "units above the first layer as random sums of neighbouring units",
    transform: (layers, shape, _deviation, key) => randomLocalComposition(layers, shape, key),
  },
} as const satisfies Readonly<Record<string, WeightControl>>;

export type DataControlName = keyof typeof dataControls;

export type WeightControlName = keyof typeof weightControls;

/** All controls by name. The one without L1 is a setting of the training (`l1: 0`) and needs no entry. */
export const controls = { ...dataControls, ...weightControls } as const satisfies Readonly<
  Record<string, DataControl | WeightControl>
>;

export type ControlName = keyof typeof controls;

export { gaussianClone, sampleGaussianClone } from "./gaussian-clone.js";
export { infiniteTemperature } from "./infinite-temperature.js";
export { meanField } from "./mean-field.js";
export { pixelShuffled } from "./pixel-shuffled.js";
export { randomLocalComposition } from "./random-composition.js";
export { permuteSites, sitePermuted } from "./site-permuted.js";
export { untrained } from "./untrained.js";
export { zeroOrInfiniteTemperature } from "./zero-or-infinite-temperature.js";
