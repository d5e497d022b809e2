import type { SeedKey } from "./key.js";
import { threefry2x32 } from "./threefry.js";

/** 2^−32 */
const UNIT = 2.3283064365386963e-10;

/**
 * A sequential reader of one stream: words 0, 1, 2, … of the key. For code that needs an unknown number of draws in a
 * fixed order (cluster growth, shuffles). Code with a known address should call `threefry2x32` directly.
 */
export class RandomStream {
  readonly #block = new Uint32Array(2);
  #counter = 0;
  #second = false;

  constructor(private readonly key: SeedKey) {}

  /** The next 32 random bits, as an integer in [0, 2^32). */
  nextWord(): number {
    if (this.#second) {
      this.#second = false;
      return this.#block[1];
    }
    const counter = this.#counter++;
    threefry2x32(
      this.key.word0,
      this.key.word1,
      counter >>> 0,
      Math.floor(counter / 4294967296),
      this.#block,
    );
    this.#second = true;
    return this.#block[0];
  }

  /** Uniform on the open interval (0, 1): (word + ½) · 2^−32. */
  nextUniform(): number {
    return (this.nextWord() + 0.5) * UNIT;
  }

  /** Uniform integer in [0, bound), 1 ≤ bound ≤ 2^32, without modulo bias (words in the last, partial cycle are redrawn). */
  nextInteger(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    let word = this.nextWord();
    while (word >= limit) word = this.nextWord();
    return word % bound;
  }
}
