import { type BitMatrix, bitMatrix, rowRange, type Kernels, type LayerArrays } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";
import type { Direction } from "./direction.js";

/** A set of joint configurations of one layer with the scratch to move them: allocated once, reused every step. */
export class LayerBuffers {
  readonly #visible: BitMatrix;
  readonly #hidden: BitMatrix;
  readonly #visibleInputs: Float32Array;
  readonly #hiddenMeans: Float32Array;

  constructor(
    private readonly layer: LayerArrays,
    private readonly kernels: Kernels,
    rows: number,
  ) {
    const words = (length: number): Uint32Array => kernels.allocateWords(length);
    this.#visible = bitMatrix(rows, layer.visible, words);
    this.#hidden = bitMatrix(rows, layer.hidden, words);
    this.#visibleInputs = kernels.allocateFloat32(rows * layer.visible);
    this.#hiddenMeans = kernels.allocateFloat32(rows * layer.hidden);
  }

  /** The first `rows` visible configurations. */
  visible(rows: number): BitMatrix {
    return rowRange(this.#visible, 0, rows);
  }

  hidden(rows: number): BitMatrix {
    return rowRange(this.#hidden, 0, rows);
  }

  /** ⟨h⟩ given each row of `visible`, rows × hidden; overwritten by the next call. */
  hiddenMeans(visible: BitMatrix): Float32Array {
    const means = this.#hiddenMeans.subarray(0, visible.rows * this.layer.hidden);
    this.kernels.rbm.hiddenInputs(this.layer, visible, means);
    this.kernels.rbm.unitMeans(this.layer.units, means, means);
    return means;
  }

  /** ⟨v⟩ given each row of `hidden`, rows × visible; overwritten by the next call. */
  visibleMeans(hidden: BitMatrix): Float32Array {
    const means = this.#visibleInputs.subarray(0, hidden.rows * this.layer.visible);
    this.kernels.rbm.visibleInputs(this.layer, hidden, means);
    this.kernels.rbm.unitMeans(this.layer.units, means, means);
    return means;
  }

  /** Sample h ~ P(h | v) for every row. */
  sampleHidden(visible: BitMatrix, key: SeedKey, out: BitMatrix): void {
    const inputs = this.#hiddenMeans.subarray(0, visible.rows * this.layer.hidden);
    this.kernels.rbm.hiddenInputs(this.layer, visible, inputs);
    this.kernels.rbm.sampleUnits(this.layer.units, inputs, key, out);
  }

  /** Sample v ~ P(v | h) for every row. */
  sampleVisible(hidden: BitMatrix, key: SeedKey, out: BitMatrix): void {
    const inputs = this.#visibleInputs.subarray(0, hidden.rows * this.layer.visible);
    this.kernels.rbm.visibleInputs(this.layer, hidden, inputs);
    this.kernels.rbm.sampleUnits(this.layer.units, inputs, key, out);
  }

  /** `steps` block-Gibbs updates v → h → v' starting from `start`; the result stays in `visible(start.rows)`. */
  gibbs(start: BitMatrix, steps: number, key: SeedKey): BitMatrix {
    const hidden = this.hidden(start.rows);
    const visible = this.visible(start.rows);
    let current = start;
    for (let step = 0; step < steps; step++) {
      this.sampleHidden(current, deriveKey(key, "gibbsChain", step, 0), hidden);
      this.sampleVisible(hidden, deriveKey(key, "gibbsChain", step, 1), visible);
      current = visible;
    }
    return visible;
  }

  /** direction += weight · (⟨v hᵀ⟩, ⟨v⟩, ⟨h⟩) averaged over the rows, with ⟨h⟩ given v in place of h (Rao–Blackwell). */
  addStatistics(visible: BitMatrix, weight: number, direction: Direction): void {
    const { units, hidden } = this.layer;
    const means = this.hiddenMeans(visible);
    const scale = weight / visible.rows;
    this.kernels.rbm.addCorrelations(units, visible, means, hidden, scale, direction.weights);
    addColumnSums(means, hidden, scale, direction.hiddenBias);
    addVisibleSums(visible, units === "spin" ? -1 : 0, scale, direction.visibleBias);
  }
}

/** out_j += scale · Σ_s p_sj, summed in double precision: in single, equal terms would all be rounded the same way. */
function addColumnSums(means: Float32Array, columns: number, scale: number, out: Float32Array): void {
  const sums = new Float64Array(columns);
  for (let row = 0; row < means.length; row += columns) {
    for (let j = 0; j < columns; j++) sums[j] += means[row + j];
  }
  for (let j = 0; j < columns; j++) out[j] += scale * sums[j];
}

/** out_i += scale · Σ_s v_si, counted exactly before scaling. */
function addVisibleSums(visible: BitMatrix, low: number, scale: number, out: Float32Array): void {
  const counts = new Int32Array(visible.columns);
  for (let row = 0; row < visible.rows; row++) {
    for (let word = 0; word < visible.wordsPerRow; word++) {
      let rest = visible.words[row * visible.wordsPerRow + word];
      while (rest !== 0) {
        counts[(word << 5) + 31 - Math.clz32(rest & -rest)]++;
        rest &= rest - 1;
      }
    }
  }
  for (let i = 0; i < visible.columns; i++) {
    out[i] += scale * (counts[i] + low * (visible.rows - counts[i]));
  }
}
