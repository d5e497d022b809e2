import type { BitMatrix, Kernels, LayerArrays, UnitType } from "../../kernels/index.js";

/** a·v of every row by the kernels, in single precision. `vector` is a, as it is at the time of a call. */
export class BiasProjection {
  readonly #column: LayerArrays;

  constructor(
    units: UnitType,
    private readonly vector: Float32Array,
    private readonly kernels: Kernels,
  ) {
    this.#column = {
      units,
      visible: vector.length,
      hidden: 1,
      weights: vector,
      visibleBias: new Float32Array(0),
      hiddenBias: new Float32Array(1),
    };
  }

  of(visible: BitMatrix): Float64Array {
    const inputs = new Float32Array(visible.rows);
    const zero = this.vector.every((x) => x === 0);
    if (!zero) this.kernels.rbm.hiddenGivenVisible(this.#column, visible, { inputs });
    return Float64Array.from(inputs);
  }
}
