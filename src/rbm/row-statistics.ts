import {
  type Arena,
  type BitMatrix,
  bitMatrix,
  countUp,
  gatherRows,
  type Kernels,
  type LayerArrays,
  rowRange,
} from "../kernels/index.js";
import { groupSizes } from "../statistics/index.js";

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
  /** Expected ‖⟨s⟩ − E s‖²: Σ_k Var(s_k)/S if the S rows are independent. */
  readonly squaredNoise: number;
}

/**
 * Averages of the sufficient statistics s(v) = (v tᵀ, v, t) = −∇_λ H_λ over rows, t = ⟨h⟩ given v; over the trained parameters:
 * without `biases` the weights alone. Takes memory for one matrix of weights, in the arena, and for a second one once rows
 * come in groups.
 */
export class RowStatistics {
  readonly #sums: RowSums;
  #groupSums: RowSums | null = null;

  constructor(
    private readonly layer: LayerArrays,
    private readonly biases: boolean,
    private readonly kernels: Kernels,
    private readonly arena: Arena,
  ) {
    this.#sums = this.#zeros();
  }

  /**
   * The average over the rows becomes what is held. With `groups`, the number of the group of each row, only rows of
   * different groups count as independent for its noise.
   */
  set(rows: BitMatrix, groups?: Uint32Array): AverageNorm {
    clear(this.#sums);
    const meanSquare = this.#add(rows, 1 / rows.rows, this.#sums);
    const squaredNorm = this.squaredDistance();
    if (groups !== undefined) return { squaredNorm, squaredNoise: this.#groupedNoise(rows, groups) };
    const spread = Math.max(0, meanSquare - squaredNorm);
    return { squaredNorm, squaredNoise: spread / Math.max(1, rows.rows - 1) };
  }

  /** What is held, less the average over these rows. */
  subtract(rows: BitMatrix): void {
    this.#add(rows, -1 / rows.rows, this.#sums);
  }

  /** Squared distance of what is held from a point of the same shape, from zero if none is given. */
  squaredDistance(from?: Readonly<Record<keyof RowSums, ArrayLike<number>>>): number {
    return this.#squaredDifference(this.#sums, from, 1);
  }

  /** ‖sums − scale · from‖² over the trained parameters. */
  #squaredDifference(
    sums: RowSums,
    from: Readonly<Record<keyof RowSums, ArrayLike<number>>> | undefined,
    scale: number,
  ): number {
    let total = 0;
    for (const name of this.biases
      ? (["weights", "visibleBias", "hiddenBias"] as const)
      : (["weights"] as const)) {
      const [array, other] = [sums[name], from?.[name]];
      for (let k = 0; k < array.length; k++) total += (array[k] - scale * (other?.[k] ?? 0)) ** 2;
    }
    return total;
  }

  /** G/(G − 1) Σ_g ‖Σ_{s∈g} (s(v_s) − ⟨s⟩)/S‖² over the G groups of the S rows whose average is held: see `groupedMean`. */
  #groupedNoise(rows: BitMatrix, groups: Uint32Array): number {
    const { sizes, count } = groupSizes(groups);
    if (count < 2) return NaN;
    const sums = (this.#groupSums ??= this.#zeros());
    const order = Uint32Array.from(groups.keys()).sort((a, b) => groups[a] - groups[b] || a - b);
    const sorted = bitMatrix(rows.rows, rows.columns);
    gatherRows(rows, order, 0, sorted);
    let [first, squares] = [0, 0];
    for (const size of sizes) {
      if (size === 0) continue;
      clear(sums);
      this.#add(rowRange(sorted, first, size), 1 / rows.rows, sums);
      squares += this.#squaredDifference(sums, this.#sums, size / rows.rows);
      first += size;
    }
    return (count / (count - 1)) * squares;
  }

  #zeros(): RowSums {
    const { arena, layer } = this;
    return {
      weights: arena.float32(layer.weights.length),
      visibleBias: arena.float32(layer.visible),
      hiddenBias: arena.float32(layer.hidden),
    };
  }

  /** sums += scale Σ_s s(v_s); returns |scale| Σ_s ‖s(v_s)‖². */
  #add(rows: BitMatrix, scale: number, { weights, visibleBias, hiddenBias }: RowSums): number {
    const { layer, kernels } = this;
    const { units, hidden } = layer;
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

function clear({ weights, visibleBias, hiddenBias }: RowSums): void {
  for (const array of [weights, visibleBias, hiddenBias]) array.fill(0);
}
