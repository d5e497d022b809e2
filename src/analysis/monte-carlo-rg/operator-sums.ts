import type { CouplingOperator, Offset } from "./coupling-operator.js";
import { countLanes } from "./lane-counts.js";

/** Sides [Lx, Ly] of a torus. */
export type TorusShape = readonly [number, number];

/** Configurations measured together, one in each bit of a word. */
export const LANES = 32;

/**
 * Measures S_α of 32 configurations at a time on one torus. Spins are words, one for each site in row-major order; bit l
 * of a word is the spin of configuration l (1 up, 0 down), so that products are exclusive ors.
 */
export class OperatorSums {
  readonly #shifts: ReadonlyMap<string, Int32Array>;
  readonly #products: Uint32Array;
  readonly #counts = new Int32Array(LANES);

  constructor(
    private readonly operators: readonly CouplingOperator[],
    readonly shape: TorusShape,
  ) {
    this.#products = new Uint32Array(shape[0] * shape[1]);
    this.#shifts = shiftTables(operators, shape);
  }

  /** out[α·32 + l] = S_α of configuration l. Cost about one word operation for each spin multiplied, per 32 configurations. */
  measure(words: Uint32Array, out: Int32Array): void {
    this.operators.forEach(({ parity, shapes }, alpha) => {
      const sums = out.subarray(alpha * LANES, (alpha + 1) * LANES).fill(0);
      for (const shape of shapes) {
        this.#multiply(words, shape);
        countLanes(this.#products, words.length, this.#counts, 0);
        // A product is +1 where an odd number of an odd number of spins is up, or an even number of an even one.
        const sign = parity === "odd" ? 1 : -1;
        for (let lane = 0; lane < LANES; lane++) sums[lane] += sign * (2 * this.#counts[lane] - words.length);
      }
    });
  }

  /** The parity of the number of spins up in a shape, at every site. */
  #multiply(words: Uint32Array, shape: readonly Offset[]): void {
    const products = this.#products;
    products.set(words); // the first offset is (0, 0)
    for (const offset of shape.slice(1)) {
      const shift = this.#shifts.get(offset.join())!;
      for (let site = 0; site < products.length; site++) products[site] ^= words[shift[site]];
    }
  }
}

/** For every offset the site it leads to from each site. */
function shiftTables(
  operators: readonly CouplingOperator[],
  [width, height]: TorusShape,
): ReadonlyMap<string, Int32Array> {
  const tables = new Map<string, Int32Array>();
  for (const [dx, dy] of operators.flatMap(({ shapes }) => shapes.flat())) {
    const table = Int32Array.from({ length: width * height }, (_, site) => {
      const x = Math.floor(site / height) + dx;
      const y = (site % height) + dy;
      return modulo(x, width) * height + modulo(y, height);
    });
    tables.set([dx, dy].join(), table);
  }
  return tables;
}

/** The remainder of a whole number, in [0, divisor). */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
