/**
 * What the linearised renormalization group needs of one symmetry sector: averages of S_α^(n) at every level n (0 the
 * original lattice), of S_γ^(n) S_α^(n) at every level n ≥ 1, and of S_γ^(n+1) S_β^(n) between neighbouring levels.
 */
export interface SectorMoments {
  /** Number of couplings p. */
  readonly size: number;
  readonly steps: number;
  /** In the order of `momentIndex`. */
  readonly values: Float64Array;
}

/** Where each average stands: levels first, then `within` and `across` matrices (row γ, column α or β), step by step. */
export function momentIndex(size: number, steps: number) {
  const matrices = (steps + 1) * size;
  const square = size * size;
  return {
    /** ⟨S_α^(level)⟩ */
    level: (level: number, alpha: number): number => level * size + alpha,
    /** ⟨S_γ^(level) S_α^(level)⟩, level ≥ 1 */
    within: (level: number, gamma: number, alpha: number): number =>
      matrices + (level - 1) * square + gamma * size + alpha,
    /** ⟨S_γ^(level) S_β^(level − 1)⟩, level ≥ 1 */
    across: (level: number, gamma: number, beta: number): number =>
      matrices + (steps + level - 1) * square + gamma * size + beta,
    length: matrices + 2 * steps * square,
  };
}

/**
 * Running sums of these over configurations, so that memory does not grow with their number. S are whole numbers: with
 * weights 1 the sums are exact up to 2^53, whatever the order.
 */
export class SectorSums {
  readonly #sums: Float64Array;
  #weight = 0;

  constructor(
    readonly size: number,
    readonly steps: number,
  ) {
    this.#sums = new Float64Array(momentIndex(size, steps).length);
  }

  /** Add one configuration: levels[n][offset + α·stride] = S_α^(n) for n = 0 … steps. */
  add(levels: readonly ArrayLike<number>[], weight = 1, offset = 0, stride = 1): void {
    const { size, steps } = this;
    const sums = this.#sums;
    let index = 0;
    for (let level = 0; level <= steps; level++) {
      for (let a = 0; a < size; a++) sums[index++] += weight * levels[level][offset + a * stride];
    }
    for (const lower of [0, 1]) {
      for (let level = 1; level <= steps; level++) {
        const rows = levels[level];
        const columns = levels[lower === 0 ? level : level - 1];
        for (let row = 0; row < size; row++) {
          const factor = weight * rows[offset + row * stride];
          for (let column = 0; column < size; column++) {
            sums[index++] += factor * columns[offset + column * stride];
          }
        }
      }
    }
    this.#weight += weight;
  }

  /** Add what another one has summed up. */
  merge(other: SectorSums): void {
    other.#sums.forEach((sum, index) => (this.#sums[index] += sum));
    this.#weight += other.#weight;
  }

  /** The averages over what was added, or over all of it but `without`. */
  moments(without?: SectorSums): SectorMoments {
    const { size, steps } = this;
    const weight = this.#weight - (without === undefined ? 0 : without.#weight);
    const values = this.#sums.map((sum, index) => {
      return (without === undefined ? sum : sum - without.#sums[index]) / weight;
    });
    return { size, steps, values };
  }
}
