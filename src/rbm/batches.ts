import { type Arena, type BitMatrix, bitMatrix, gatherRows, rowRange } from "../kernels/index.js";
import { deriveKey, shuffle, type SeedKey } from "../random/index.js";

/** Some rows of the data, in memory that the next batch overwrites. */
export interface Batch {
  readonly rows: BitMatrix;
  /** H of every row, where it is known. */
  readonly hamiltonians?: Float64Array;
}

/** Cuts the rows of an epoch, shuffled, into batches; the last one may be shorter. */
export class Batches {
  readonly size: number;
  /** Batches in an epoch. */
  readonly count: number;
  readonly #batch: BitMatrix;
  readonly #order: Uint32Array;
  readonly #batchHamiltonians: Float64Array;

  /** `hamiltonians` is H of every row, or null; `key` names the order of all epochs. */
  constructor(
    private readonly rows: BitMatrix,
    size: number,
    private readonly hamiltonians: Float64Array | null,
    private readonly key: SeedKey,
    arena: Arena,
  ) {
    this.size = Math.min(size, rows.rows);
    this.count = Math.ceil(rows.rows / this.size);
    this.#batch = bitMatrix(this.size, rows.columns, (length) => arena.words(length));
    this.#order = new Uint32Array(rows.rows);
    this.#batchHamiltonians = new Float64Array(hamiltonians === null ? 0 : this.size);
  }

  /** The order of an epoch is a function of the epoch alone. */
  shuffle(epoch: number): void {
    const order = this.#order;
    for (let row = 0; row < order.length; row++) order[row] = row;
    shuffle(deriveKey(this.key, "batchOrder", epoch), order);
  }

  /** The batch that begins with row `first` of the order. */
  from(first: number): Batch {
    const rows = rowRange(this.#batch, 0, Math.min(this.size, this.rows.rows - first));
    gatherRows(this.rows, this.#order, first, rows);
    if (this.hamiltonians === null) return { rows };
    const hamiltonians = this.#batchHamiltonians.subarray(0, rows.rows);
    for (let row = 0; row < rows.rows; row++) hamiltonians[row] = this.hamiltonians[this.#order[first + row]];
    return { rows, hamiltonians };
  }
}
