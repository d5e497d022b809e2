import { threefry8 } from "./threefry";

/**
 * Four xoshiro128++ generators side by side, one for each word of a group of 128 lanes (random/xoshiro.ts,
 * reference/lane-bernoulli.ts), and a store of vectors drawn from them. In memory: the four vectors of state, then the
 * store.
 */

@inline
const STATE_BYTES: usize = 64;

@inline
const STORE_BYTES: usize = 4096;

/** Bytes of generators and store. */
@inline
export const GENERATOR_BYTES: usize = STATE_BYTES + STORE_BYTES;

/** Start the generators of a group; the store is empty. `key` as for the seeds of reference/lane-bernoulli.ts. */
export function seedGenerators(generators: usize, key0: u32, key1: u32, group: u32): void {
  threefry8(key0, key1, 8 * group, 0, generators);
  let any = v128.or(v128.load(generators, 0), v128.load(generators, 16));
  any = v128.or(any, v128.or(v128.load(generators, 32), v128.load(generators, 48)));
  const allZero = i32x4.eq(any, i32x4.splat(0));
  v128.store(generators, i32x4.sub(v128.load(generators), allZero));
}

/** Where the store ends. */
@inline
export function storeEnd(generators: usize): usize {
  return generators + GENERATOR_BYTES;
}

/** Fill the store up again, from `at` on unused, and return where its first vector is now. */
export function refill(generators: usize, at: usize): usize {
  const store = generators + STATE_BYTES;
  const unused = storeEnd(generators) - at;
  memory.copy(store, at, unused);
  draw(generators, store + unused, storeEnd(generators));
  return store;
}

@inline
function rotate(words: v128, by: i32): v128 {
  return v128.or(i32x4.shl(words, by), i32x4.shr_u(words, 32 - by));
}

/** The next word of every generator, from `at` to `end`. */
function draw(generators: usize, at: usize, end: usize): void {
  let s0 = v128.load(generators, 0);
  let s1 = v128.load(generators, 16);
  let s2 = v128.load(generators, 32);
  let s3 = v128.load(generators, 48);
  for (; at < end; at += 16) {
    v128.store(at, i32x4.add(rotate(i32x4.add(s0, s3), 7), s0));
    const shifted = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, shifted);
    s3 = rotate(s3, 11);
  }
  v128.store(generators, s0, 0);
  v128.store(generators, s1, 16);
  v128.store(generators, s2, 32);
  v128.store(generators, s3, 48);
}
