import {
  type Arena,
  type BitMatrix,
  countUp,
  type Kernels,
  type LayerArrays,
  rowRange,
} from "../kernels/index.js";

/** Rows taken at a time. */
const BLOCK_ROWS = 500;

/** A sum of averages (⟨v tᵀ⟩, ⟨v⟩, ⟨t⟩) in single precision, as large as the parameters. */
interface RowSums {
  readonly weights: Float32Array;
  readonly visibleBias: Float32Array;
  readonly hiddenBias: Float32Array;
}

/** An average over sampled rows: how far it is from zero, and how far it would be by chance. */
export interface AverageNorm {
  /** ‖⟨s⟩‖² */
  readonly squaredNorm: number;
  /** Expected ‖⟨s⟩ − E s‖² = Σ_k Var(s_k)/S if the S rows are independent. */
  readonly squaredNoise: number;
}

/**
 * Averages of the sufficient statistics s(v) = (v tᵀ, v, t) = −∇_λ H_λ over rows, t = ⟨h⟩ given v; over the trained parameters:
 * without `biases` the weights alone. Takes memory for one matrix of weights, in the arena.
 */
export class RowStatistics {
  readonly #sums: RowSums;

  constructor(
    private readonly layer: LayerArrays,
    private readonly biases: boolean,
    private readonly kernels: Kernels,
    arena: Arena,
  ) {
    this.#sums = {
      weights: arena.float32(layer.weights.length),
      visibleBias: arena.float32(layer.visible),
      hiddenBias: arena.float32(layer.hidden),
    };
  }

  /** The average over the rows becomes what is held. */
  set(rows: BitMatrix): AverageNorm {
    const { weights, visibleBias, hiddenBias } = this.#sums;
    for (const array of [weights, visibleBias, hiddenBias]) array.fill(0);
    const meanSquare = this.#add(rows, 1 / rows.rows);
    const squaredNorm = this.squaredDistance();
    const spread = Math.max(0, meanSquare - squaredNorm);
    return { squaredNorm, squaredNoise: spread / Math.max(1, rows.rows - 1) };
  }

  /** What is held, less the average over these rows. */
  subtract(rows: BitMatrix): void {
    this.#add(rows, -1 / rows.rows);
  }

  /** Squared distance of what is held from a point of the same shape, from zero if none is given. */
  squaredDistance(from?: Readonly<Record<keyof RowSums, ArrayLike<number>>>): number {
    let total = 0;
    for (const name of this.biases
      ? (["weights", "visibleBias", "hiddenBias"] as const)
      : (["weights"] as const)) {
      const [array, other] = [this.#sums[name], from?.[name]];
      for (let k = 0; k < array.length; k++) total += (array[k] - (other?.[k] ?? 0)) ** 2;
    }
    return total;
  }

  /** Add scale Σ_s s(v_s); returns |scale| Σ_s ‖s(v_s)‖². */
  #add(rows: BitMatrix, scale: number): number {
    const { layer, kernels } = this;
    const { units, hidden } = layer;
    const { weights, visibleBias, hiddenBias } = this.#sums;
    let squares = 0;
    for (let first = 0; first < rows.rows; first += BLOCK_ROWS) {
      const visible = rowRange(rows, first, Math.min(BLOCK_ROWS, rows.rows - first));
      const hiddenMeans = new Float32Array(visible.rows * hidden);
      kernels.rbm.hiddenGivenVisible(layer, visible, { means: hiddenMeans });
      const term = { visible, hiddenMeans, scale };
      kernels.rbm.addCorrelations(units, [term], hidden, weights);
      kernels.rbm.addMeans(units, term, visibleBias, hiddenBias);
      squares += Math.abs(scale) * this.#squares(visible, hiddenMeans);
    }
    return squares;
  }

  /** Σ_s ‖s(v_s)‖² = Σ_s (|v|²|t|² + |v|² + |t|²), the last two with biases alone. */
  #squares(rows: BitMatrix, means: Float32Array): number {
    const { units, hidden } = this.layer;
    let total = 0;
    for (let row = 0; row < rows.rows; row++) {
      const visible = units === "spin" ? rows.columns : countUp(rows, row);
      let square = 0;
      for (let k = row * hidden; k < (row + 1) * hidden; k++) square += means[k] * means[k];
      total += visible * square + (this.biases ? visible + square : 0);
    }
    return total;
  }
}
