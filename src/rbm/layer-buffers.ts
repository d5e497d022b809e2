import {
  type Arena,
  type BitMatrix,
  bitMatrix,
  rowRange,
  type Kernels,
  type LayerArrays,
} from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";

/** A set of joint configurations of one layer with the scratch to move them: allocated once, reused every step. */
export class LayerBuffers {
  readonly #visible: BitMatrix;
  readonly #hidden: BitMatrix;
  readonly #hiddenMeans: Float32Array;

  constructor(
    private readonly layer: LayerArrays,
    private readonly kernels: Kernels,
    arena: Arena,
    rows: number,
  ) {
    const words = (length: number): Uint32Array => arena.words(length);
    this.#visible = bitMatrix(rows, layer.visible, words);
    this.#hidden = bitMatrix(rows, layer.hidden, words);
    this.#hiddenMeans = arena.float32(rows * layer.hidden);
  }

  /** The first `rows` visible configurations. */
  visible(rows: number): BitMatrix {
    return rowRange(this.#visible, 0, rows);
  }

  hidden(rows: number): BitMatrix {
    return rowRange(this.#hidden, 0, rows);
  }

  /** Sample h ~ P(h | v) for every row. */
  sampleHidden(visible: BitMatrix, key: SeedKey, out: BitMatrix): void {
    this.kernels.rbm.hiddenGivenVisible(this.layer, visible, { sample: { key, out } });
  }

  /** Sample v ~ P(v | h) for every row. */
  sampleVisible(hidden: BitMatrix, key: SeedKey, out: BitMatrix): void {
    this.kernels.rbm.visibleGivenHidden(this.layer, hidden, { sample: { key, out } });
  }

  /** `steps` block-Gibbs updates v → h → v' starting from `start`; the result stays in `visible(start.rows)`. */
  gibbs(start: BitMatrix, steps: number, key: SeedKey): BitMatrix {
    const hidden = this.hidden(start.rows);
    this.sampleHidden(start, deriveKey(key, "gibbsChain", 0, 0), hidden);
    return this.#gibbsFromHidden(hidden, steps, key);
  }

  /** The same, with ⟨h⟩ given `start` computed on the way, which costs no second product. */
  gibbsWithMeans(start: BitMatrix, steps: number, key: SeedKey): { means: Float32Array; end: BitMatrix } {
    const hidden = this.hidden(start.rows);
    const means = this.#means(start);
    const sample = { key: deriveKey(key, "gibbsChain", 0, 0), out: hidden };
    this.kernels.rbm.hiddenGivenVisible(this.layer, start, { means, sample });
    return { means, end: this.#gibbsFromHidden(hidden, steps, key) };
  }

  /** ⟨h⟩ given every row, rows × hidden, in memory that the next call overwrites. */
  hiddenMeans(visible: BitMatrix): Float32Array {
    const means = this.#means(visible);
    this.kernels.rbm.hiddenGivenVisible(this.layer, visible, { means });
    return means;
  }

  #means(visible: BitMatrix): Float32Array {
    return this.#hiddenMeans.subarray(0, visible.rows * this.layer.hidden);
  }

  #gibbsFromHidden(hidden: BitMatrix, steps: number, key: SeedKey): BitMatrix {
    const visible = this.visible(hidden.rows);
    for (let step = 0; step < steps; step++) {
      if (step > 0) this.sampleHidden(visible, deriveKey(key, "gibbsChain", step, 0), hidden);
      this.sampleVisible(hidden, deriveKey(key, "gibbsChain", step, 1), visible);
    }
    return visible;
  }
}
