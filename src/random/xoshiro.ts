/**
 * xoshiro128++ 1.0, a sequential generator of 32-bit words with a period of 2^128 − 1 (Blackman & Vigna, "Scrambled
 * linear pseudorandom number generators", ACM Transactions on Mathematical Software 47, 2021). For the innermost loops,
 * where Threefry is too slow: a stream of its own is seeded from Threefry for every use.
 */
export class Xoshiro128 {
  readonly #state: Int32Array;

  /** Four words of state. All zero would stay zero, so that one state becomes 1, 0, 0, 0. */
  constructor(state: readonly [number, number, number, number]) {
    this.#state = Int32Array.from(state);
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** The next 32 random bits, as an integer in [−2^31, 2^31). */
  nextBits(): number {
    const state = this.#state;
    const s0 = state[0];
    const s1 = state[1];
    const s2 = state[2] ^ s0;
    const s3 = state[3] ^ s1;
    const result = (rotate((s0 + state[3]) | 0, 7) + s0) | 0;
    state[0] = s0 ^ s3;
    state[1] = s1 ^ s2;
    state[2] = s2 ^ (s1 << 9);
    state[3] = rotate(s3, 11);
    return result;
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
