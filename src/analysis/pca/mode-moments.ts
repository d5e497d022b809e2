import type { SymmetricEigen } from "../../statistics/symmetric-eigen.js";
import { addProduct, matrixRows } from "../../statistics/matrix-product.js";
import { BLOCK_ROWS, type Observations } from "./observations.js";
import { fluctuations, type Units } from "./units.js";

/** Which modes are kept: those of the largest variance (momentum shell from above), or those of the smallest. */
export type KeptEnd = "largest" | "smallest";

/** Sums over the rows of one group. */
export interface MomentSums {
  /** Σ φ̂_i², one per unit. */
  readonly squares: Float64Array;
  /** Σ φ̂_i⁴, one per unit. */
  readonly fourths: Float64Array;
}

/** Second and fourth moments of units seen through fewer and fewer modes, for groups of successive rows. */
export interface ModeMoments {
  /** Numbers k of modes of the largest variance that were kept, ascending; the last one is N. */
  readonly ladder: Uint32Array;
  /** Rows used, of each group. */
  readonly groupRows: Uint32Array;
  /** largest[rung][group]: φ̂ = P_k φ. */
  readonly largest: readonly (readonly MomentSums[])[];
  /** smallest[rung][group]: φ − P_k φ, the N − k modes of the smallest variance; the last rung keeps none. */
  readonly smallest: readonly (readonly MomentSums[])[];
  /** modeSquares[group][k] = Σ a_k², a_k = u_k·φ the amplitude of mode k. */
  readonly modeSquares: readonly Float64Array[];
}

/** How many rows are used and how they are grouped. */
export interface MomentOptions {
  readonly ladder: Uint32Array;
  /** Use at most so many rows, evenly spread. */
  readonly mostRows: number;
  /** Groups of successive rows, for error bars that count correlations between neighbouring rows. */
  readonly groups: number;
}

/**
 * Moments of φ̂ = P_k φ and of φ − P_k φ, P_k = Σ_{μ ≤ k} u_μ u_μᵀ, at every rung k of a ladder, in one pass: amplitudes
 * a = Uφ, then φ̂ grows by the modes between two rungs. At k = N φ̂ is φ itself, without rounding. Cost 4 N² operations a
 * row.
 */
export function modeMoments(
  observations: Observations,
  units: Units,
  eigen: SymmetricEigen,
  options: MomentOptions,
): ModeMoments {
  const thinning = Math.max(1, Math.ceil(observations.rows / options.mostRows));
  const used = Math.ceil(observations.rows / thinning);
  const groups = Math.min(options.groups, used);
  const moments = emptyMoments(options.ladder, units.count, groups);
  const pass = new ModePass(units, eigen, moments);
  const phi = new Float64Array(BLOCK_ROWS * units.count);
  observations.forEachBlock((values, rows, first) => {
    const taken = takeEvery(thinning, values, observations.columns, rows, first);
    fluctuations(units, taken.values, observations.columns, taken.rows, phi);
    pass.add(phi, taken.rows, (row) => Math.floor(((taken.first + row) * groups) / used));
  });
  return moments;
}

function emptyMoments(ladder: Uint32Array, count: number, groups: number): ModeMoments {
  const perGroup = <T>(make: () => T): T[] => Array.from({ length: groups }, make);
  const sums = (): MomentSums[] =>
    perGroup(() => ({ squares: new Float64Array(count), fourths: new Float64Array(count) }));
  return {
    ladder,
    groupRows: new Uint32Array(groups),
    largest: Array.from(ladder, sums),
    smallest: Array.from(ladder, sums),
    modeSquares: perGroup(() => new Float64Array(count)),
  };
}

/** The rows whose number is a multiple of `thinning`; `first` counts them from the beginning of the data. */
function takeEvery(
  thinning: number,
  values: Float64Array,
  columns: number,
  rows: number,
  firstRow: number,
): { values: Float64Array; rows: number; first: number } {
  const first = Math.ceil(firstRow / thinning);
  let taken = 0;
  for (let row = first * thinning - firstRow; row < rows; row += thinning) {
    values.copyWithin(taken * columns, row * columns, (row + 1) * columns);
    taken++;
  }
  return { values, rows: taken, first };
}

/** Adds blocks of rows to moments; holds the eigenvectors both ways round and the scratch of one block. */
class ModePass {
  readonly #transposed: Float64Array;
  readonly #amplitudes: Float64Array;
  readonly #kept: Float64Array;

  constructor(
    private readonly units: Units,
    private readonly eigen: SymmetricEigen,
    private readonly moments: ModeMoments,
  ) {
    const { count } = units;
    this.#transposed = transposed(eigen.vectors, count);
    this.#amplitudes = new Float64Array(BLOCK_ROWS * count);
    this.#kept = new Float64Array(BLOCK_ROWS * count);
  }

  add(phi: Float64Array, rows: number, groupOf: (row: number) => number): void {
    const { ladder, groupRows, modeSquares, largest, smallest } = this.moments;
    const { count } = this.units;
    const amplitudes = matrixRows(this.#amplitudes, count, 0, rows);
    const kept = matrixRows(this.#kept, count, 0, rows);
    this.#amplitudes.fill(0);
    this.#kept.fill(0);
    addProduct(matrixRows(phi, count, 0, rows), matrixRows(this.eigen.vectors, count), count, amplitudes);
    const groups = Uint32Array.from({ length: rows }, (_, row) => groupOf(row));
    groups.forEach((group, row) => {
      groupRows[group]++;
      addSquares(this.#amplitudes, row * count, modeSquares[group]);
    });
    ladder.forEach((modes, rung) => {
      if (modes === count) this.#kept.set(phi.subarray(0, rows * count));
      else this.#addBand(amplitudes, kept, rung === 0 ? 0 : ladder[rung - 1], modes);
      groups.forEach((group, row) => {
        addMoments(phi, this.#kept, row * count, largest[rung][group], smallest[rung][group]);
      });
    });
  }

  /** φ̂ += Σ a_μ u_μ over the modes first ≤ μ < end. */
  #addBand(
    amplitudes: ReturnType<typeof matrixRows>,
    kept: ReturnType<typeof matrixRows>,
    first: number,
    end: number,
  ): void {
    const vectors = matrixRows(this.#transposed, this.units.count);
    addProduct({ ...amplitudes, offset: first }, { ...vectors, offset: first }, end - first, kept);
  }
}

function addSquares(values: Float64Array, start: number, out: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k] += values[start + k] * values[start + k];
}

function addMoments(
  phi: Float64Array,
  kept: Float64Array,
  start: number,
  largest: MomentSums,
  smallest: MomentSums,
): void {
  for (let i = 0; i < largest.squares.length; i++) {
    const above = kept[start + i] * kept[start + i];
    const rest = phi[start + i] - kept[start + i];
    const below = rest * rest;
    largest.squares[i] += above;
    largest.fourths[i] += above * above;
    smallest.squares[i] += below;
    smallest.fourths[i] += below * below;
  }
}

function transposed(matrix: Float64Array, size: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) out[j * size + i] = matrix[i * size + j];
  }
  return out;
}
