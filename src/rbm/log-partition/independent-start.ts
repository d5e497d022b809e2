import { log } from "../../kernels/elementary.js";
import {
  type Arena,
  type BitMatrix,
  getBit,
  type Kernels,
  type LayerArrays,
  type UnitType,
} from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import { logUnitPartition } from "../energy.js";
import type { AnnealingStart } from "./annealing-start.js";
import { BiasProjection } from "./bias-projection.js";
import { isSymmetric } from "./symmetry.js";

/**
 * The layer without its weights: independent visible units, H₀(v) = −c₀·v with biases c₀ that give the means of the data
 * (see `meanBiases`). Without them, and for a layer that is symmetric under v → −v, the uniform distribution.
 */
export class IndependentStart implements AnnealingStart {
  readonly logPartition: number;
  readonly #biases: Float32Array;
  /** The layer with the biases of the path at s. */
  readonly #layer: LayerArrays;
  readonly #slope: BiasProjection;

  constructor(
    private readonly layer: LayerArrays,
    biases: Float32Array | null,
    private readonly kernels: Kernels,
    arena: Arena,
  ) {
    const { units, visible } = layer;
    this.#biases = arena.float32(visible);
    if (biases !== null && !isSymmetric(layer)) this.#biases.set(biases);
    this.#layer = { ...layer, visibleBias: arena.float32(visible) };
    const difference = arena.float32(visible);
    for (let i = 0; i < visible; i++) difference[i] = layer.visibleBias[i] - this.#biases[i];
    this.#slope = new BiasProjection(units, difference, kernels);
    this.logPartition = this.#biases.reduce((sum, c) => sum + logUnitPartition(units, c), 0);
  }

  /** Draw every row of `visible` from the start itself. `key` names this call alone. */
  draw(key: SeedKey, visible: BitMatrix): void {
    const none = {
      ...this.layer,
      hidden: 1,
      weights: new Float32Array(this.layer.visible),
      hiddenBias: new Float32Array(1),
      visibleBias: this.#biases,
    };
    const free = { rows: visible.rows, columns: 1, wordsPerRow: 1, words: new Uint32Array(visible.rows) };
    this.kernels.rbm.visibleGivenHidden(none, free, { sample: { key, out: visible } });
  }

  slopes(visible: BitMatrix): Float64Array {
    return this.#slope.of(visible);
  }

  /** The kernels multiply all inputs by s, so the biases sc + (1 − s)c₀ are given divided by it. */
  moveVisible(hidden: BitMatrix, s: number, key: SeedKey, visible: BitMatrix): void {
    const biases = this.#layer.visibleBias;
    for (let i = 0; i < biases.length; i++) {
      biases[i] = this.layer.visibleBias[i] + ((1 - s) / s) * this.#biases[i];
    }
    const inverseTemperatures = new Float32Array(hidden.rows).fill(s);
    this.kernels.rbm.visibleGivenHidden(this.#layer, hidden, {
      inverseTemperatures,
      sample: { key, out: visible },
    });
  }
}

/** Biases that give each unit the mean it has in the data, counted with one more row of either state. */
export function meanBiases(units: UnitType, data: BitMatrix): Float32Array {
  const visible = data.columns;
  const ups = new Float64Array(visible);
  for (let row = 0; row < data.rows; row++) {
    for (let i = 0; i < visible; i++) ups[i] += getBit(data, row, i);
  }
  const slope = units === "spin" ? 0.5 : 1;
  return Float32Array.from(ups, (up) => slope * log((up + 1) / (data.rows - up + 1)));
}
