import { type BitMatrix, popcount } from "../kernels/index.js";
import type { Lattice } from "./lattice.js";

/**
 * Σ_<ij> v_i v_j of configurations kept as bits: a row is compared with itself, shifted by one site in every direction,
 * word by word.
 */
export class BondSum {
  readonly #bonds: number;
  readonly #words: number;
  /** The sites at the upper end of the fastest direction, from where the next one is at the lower end. */
  readonly #edge: Uint32Array;
  readonly #shifted: Uint32Array;

  constructor(private readonly lattice: Lattice) {
    const { sites, degree, shape } = lattice;
    this.#bonds = (sites * degree) / 2;
    this.#words = Math.ceil(sites / 32);
    this.#edge = new Uint32Array(this.#words);
    this.#shifted = new Uint32Array(this.#words);
    const side = shape.at(-1)!;
    for (let site = side - 1; site < sites; site += side) this.#edge[site >>> 5] |= 1 << (site & 31);
  }

  /** Of one row; a doubled bond counts twice. */
  of({ words, wordsPerRow }: BitMatrix, row: number): number {
    const { sites, shape } = this.lattice;
    const bits = words.subarray(row * wordsPerRow, row * wordsPerRow + this.#words);
    const side = shape.at(-1)!;
    let unequal = this.#unequalAlongSide(bits, side);
    if (shape.length > 1) {
      const shifted = this.#shifted;
      for (let w = 0; w < shifted.length; w++) {
        shifted[w] = wordFrom(bits, 32 * w + side) | wordFrom(bits, 32 * w + side - sites);
      }
      // No sites are beyond the last one.
      if (sites % 32 !== 0) shifted[shifted.length - 1] &= (1 << (sites % 32)) - 1;
      unequal += differences(bits, shifted);
    }
    return this.#bonds - 2 * unequal;
  }

  /** Bonds along the fastest direction whose ends differ. */
  #unequalAlongSide(bits: Uint32Array, side: number): number {
    const [shifted, edge] = [this.#shifted, this.#edge];
    for (let w = 0; w < shifted.length; w++) {
      shifted[w] = (wordFrom(bits, 32 * w + 1) & ~edge[w]) | (wordFrom(bits, 32 * w + 1 - side) & edge[w]);
    }
    return differences(bits, shifted);
  }
}

/** The 32 bits from number `first` on, which may be negative; 0 beyond both ends. */
function wordFrom(bits: Uint32Array, first: number): number {
  const word = first >> 5;
  const shift = first & 31;
  const low = word >= 0 && word < bits.length ? bits[word] >>> shift : 0;
  const next = word + 1;
  return shift > 0 && next >= 0 && next < bits.length ? low | (bits[next] << (32 - shift)) : low;
}

function differences(a: Uint32Array, b: Uint32Array): number {
  let count = 0;
  for (let w = 0; w < a.length; w++) count += popcount(a[w] ^ b[w]);
  return count;
}
