import { type BitMatrix, bitMatrix, packBits } from "../kernels/index.js";

/** Packs rows of numbers into bits as they come, as long as all of them are −1 and +1, or all are 0 and 1. */
export class BitPacker {
  #blocks: BitMatrix[] | null = [];
  #low = NaN;

  constructor(private readonly columns: number) {}

  /** The next rows, row-major. */
  add(values: Float64Array, rows: number): void {
    if (this.#blocks === null) return;
    if (this.#isTwoState(values, rows * this.columns)) {
      this.#blocks.push(packBits(values, rows, this.columns));
    } else {
      this.#blocks = null;
    }
  }

  /** All rows, the larger number in the upper state; null if other numbers were among them. */
  finish(): BitMatrix | null {
    if (this.#blocks === null) return null;
    const rows = this.#blocks.reduce((sum, block) => sum + block.rows, 0);
    const out = bitMatrix(rows, this.columns);
    let first = 0;
    for (const block of this.#blocks) {
      out.words.set(block.words, first * out.wordsPerRow);
      first += block.rows;
    }
    return out;
  }

  #isTwoState(values: Float64Array, length: number): boolean {
    for (let k = 0; k < length; k++) {
      const value = values[k];
      if (value === 1 || value === this.#low) continue;
      if (!Number.isNaN(this.#low) || (value !== 0 && value !== -1)) return false;
      this.#low = value;
    }
    return true;
  }
}
