import { DomainError } from "../../errors/index.js";
import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import { mean, variance } from "../../statistics/index.js";
import type { Direction } from "../direction.js";
import { effectiveHamiltonians } from "../effective-hamiltonian.js";
import type { Mismatch, Phase } from "./estimator.js";

/** Where the rows of a phase and what is known of them come from; each is asked for when it is needed. */
export interface RowsSource {
  readonly layer: LayerArrays;
  readonly kernels: Kernels;
  readonly rows: () => BitMatrix;
  /** ⟨h⟩ given every row, rows × hidden. They may be overwritten. */
  readonly means: () => Float32Array;
  /** H of every row; null where it is not known. */
  readonly hamiltonians: () => Float64Array | null;
}

/** Averages over the rows of a matrix, each counted once; variances and covariances are divided by rows − 1. */
export class RowsPhase implements Phase {
  #mismatches: Float64Array | null = null;

  constructor(private readonly source: RowsSource) {}

  /** With ⟨h⟩ given v in place of h (Rao–Blackwell). */
  addStatistics(weight: number, direction: Direction): void {
    const { rows, means } = this.source;
    const visible = rows();
    direction.addTerm({ visible, hiddenMeans: means(), scale: weight / visible.rows });
  }

  mismatch(): Mismatch {
    const mismatches = this.#mismatchOfRows();
    return { mean: mean(mismatches), variance: mismatches.length > 1 ? variance(mismatches) : 0 };
  }

  /** weight/(S − 1) Σ_s (D_s − D̄) s(v_s), whose expectation is the covariance; 0 for a single row. */
  addCovariance(weight: number, direction: Direction): void {
    const { rows, means } = this.source;
    const visible = rows();
    const mismatches = this.#mismatchOfRows();
    const center = mean(mismatches);
    const deviations = Float32Array.from(mismatches, (mismatch) => mismatch - center);
    const scale = weight / Math.max(1, visible.rows - 1);
    direction.addWeightedTerm({ visible, hiddenMeans: means(), scale }, deviations);
  }

  /** D of every row. */
  #mismatchOfRows(): Float64Array {
    if (this.#mismatches !== null) return this.#mismatches;
    const { layer, kernels, rows } = this.source;
    const hamiltonians = this.source.hamiltonians();
    if (hamiltonians === null) throw unknownHamiltonian();
    const effective = effectiveHamiltonians(layer, rows(), kernels);
    this.#mismatches = effective.map((own, row) => hamiltonians[row] - own);
    return this.#mismatches;
  }
}

export function unknownHamiltonian(): DomainError {
  return new DomainError(
    "D = H − H_λ needs the Hamiltonian H of the data, which is not known. Train on samples of an Ising model, or with " +
      "objective kl, or free-energy with gauge literal.",
  );
}
