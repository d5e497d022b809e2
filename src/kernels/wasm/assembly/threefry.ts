/** Threefry-2x32-20, as in random/threefry.ts: one counter block a lane. */

@inline
const PARITY: u32 = 0x1bd11bda;

@inline
function rotate4(y: v128, by: i32): v128 {
  return v128.or(i32x4.shl(y, by), i32x4.shr_u(y, 32 - by));
}

/**
 * Eight blocks (key, counter = (first … first + 7, second)), word 0 of blocks 0–3 at `out`, word 1 at out + 16, then the
 * same for blocks 4–7. Two groups of four side by side, so that a processor can work on both.
 */
export function threefry8(key0: u32, key1: u32, first: u32, second: u32, out: usize): void {
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(PARITY ^ key0 ^ key1);
  const c = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  let x = i32x4.add(c, k0);
  let u = i32x4.add(x, i32x4.splat(4));
  let y = i32x4.splat(second + key1);
  let w = y;
  // prettier-ignore
  {
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 13), x); w = v128.xor(rotate4(w, 13), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 15), x); w = v128.xor(rotate4(w, 15), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 26), x); w = v128.xor(rotate4(w, 26), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 6), x); w = v128.xor(rotate4(w, 6), u);
    x = i32x4.add(x, k1); u = i32x4.add(u, k1);
    y = i32x4.add(y, i32x4.add(k2, i32x4.splat(1))); w = i32x4.add(w, i32x4.add(k2, i32x4.splat(1)));

    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 17), x); w = v128.xor(rotate4(w, 17), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 29), x); w = v128.xor(rotate4(w, 29), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 16), x); w = v128.xor(rotate4(w, 16), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 24), x); w = v128.xor(rotate4(w, 24), u);
    x = i32x4.add(x, k2); u = i32x4.add(u, k2);
    y = i32x4.add(y, i32x4.add(k0, i32x4.splat(2))); w = i32x4.add(w, i32x4.add(k0, i32x4.splat(2)));

    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 13), x); w = v128.xor(rotate4(w, 13), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 15), x); w = v128.xor(rotate4(w, 15), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 26), x); w = v128.xor(rotate4(w, 26), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 6), x); w = v128.xor(rotate4(w, 6), u);
    x = i32x4.add(x, k0); u = i32x4.add(u, k0);
    y = i32x4.add(y, i32x4.add(k1, i32x4.splat(3))); w = i32x4.add(w, i32x4.add(k1, i32x4.splat(3)));

    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 17), x); w = v128.xor(rotate4(w, 17), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 29), x); w = v128.xor(rotate4(w, 29), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 16), x); w = v128.xor(rotate4(w, 16), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 24), x); w = v128.xor(rotate4(w, 24), u);
    x = i32x4.add(x, k1); u = i32x4.add(u, k1);
    y = i32x4.add(y, i32x4.add(k2, i32x4.splat(4))); w = i32x4.add(w, i32x4.add(k2, i32x4.splat(4)));

    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 13), x); w = v128.xor(rotate4(w, 13), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 15), x); w = v128.xor(rotate4(w, 15), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 26), x); w = v128.xor(rotate4(w, 26), u);
    x = i32x4.add(x, y); u = i32x4.add(u, w); y = v128.xor(rotate4(y, 6), x); w = v128.xor(rotate4(w, 6), u);
    x = i32x4.add(x, k2); u = i32x4.add(u, k2);
    y = i32x4.add(y, i32x4.add(k0, i32x4.splat(5))); w = i32x4.add(w, i32x4.add(k0, i32x4.splat(5)));
  }
  v128.store(out, x, 0);
  v128.store(out, y, 16);
  v128.store(out, u, 32);
  v128.store(out, w, 48);
}

/**
 * Sixteen blocks: threefry8 for (first, secondA) at `out` and for (first, secondB) at out + 64. Four groups side by side
 * keep a processor's vector units busy where two would wait for one another.
 */
export function threefry16(key0: u32, key1: u32, first: u32, secondA: u32, secondB: u32, out: usize): void {
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(PARITY ^ key0 ^ key1);
  let x = i32x4.add(i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3)), k0);
  let u = i32x4.add(x, i32x4.splat(4));
  let a = x;
  let c = u;
  let y = i32x4.splat(secondA + key1);
  let w = y;
  let b = i32x4.splat(secondB + key1);
  let d = b;
  let s: v128;
  // prettier-ignore
  {
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 13), x); w = v128.xor(rotate4(w, 13), u); b = v128.xor(rotate4(b, 13), a); d = v128.xor(rotate4(d, 13), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 15), x); w = v128.xor(rotate4(w, 15), u); b = v128.xor(rotate4(b, 15), a); d = v128.xor(rotate4(d, 15), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 26), x); w = v128.xor(rotate4(w, 26), u); b = v128.xor(rotate4(b, 26), a); d = v128.xor(rotate4(d, 26), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 6), x); w = v128.xor(rotate4(w, 6), u); b = v128.xor(rotate4(b, 6), a); d = v128.xor(rotate4(d, 6), c);
    s = i32x4.add(k2, i32x4.splat(1));
    x = i32x4.add(x, k1); y = i32x4.add(y, s); u = i32x4.add(u, k1); w = i32x4.add(w, s); a = i32x4.add(a, k1); b = i32x4.add(b, s); c = i32x4.add(c, k1); d = i32x4.add(d, s);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 17), x); w = v128.xor(rotate4(w, 17), u); b = v128.xor(rotate4(b, 17), a); d = v128.xor(rotate4(d, 17), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 29), x); w = v128.xor(rotate4(w, 29), u); b = v128.xor(rotate4(b, 29), a); d = v128.xor(rotate4(d, 29), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(turn16(y), x); w = v128.xor(turn16(w), u); b = v128.xor(turn16(b), a); d = v128.xor(turn16(d), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(turn24(y), x); w = v128.xor(turn24(w), u); b = v128.xor(turn24(b), a); d = v128.xor(turn24(d), c);
    s = i32x4.add(k0, i32x4.splat(2));
    x = i32x4.add(x, k2); y = i32x4.add(y, s); u = i32x4.add(u, k2); w = i32x4.add(w, s); a = i32x4.add(a, k2); b = i32x4.add(b, s); c = i32x4.add(c, k2); d = i32x4.add(d, s);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 13), x); w = v128.xor(rotate4(w, 13), u); b = v128.xor(rotate4(b, 13), a); d = v128.xor(rotate4(d, 13), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 15), x); w = v128.xor(rotate4(w, 15), u); b = v128.xor(rotate4(b, 15), a); d = v128.xor(rotate4(d, 15), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 26), x); w = v128.xor(rotate4(w, 26), u); b = v128.xor(rotate4(b, 26), a); d = v128.xor(rotate4(d, 26), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 6), x); w = v128.xor(rotate4(w, 6), u); b = v128.xor(rotate4(b, 6), a); d = v128.xor(rotate4(d, 6), c);
    s = i32x4.add(k1, i32x4.splat(3));
    x = i32x4.add(x, k0); y = i32x4.add(y, s); u = i32x4.add(u, k0); w = i32x4.add(w, s); a = i32x4.add(a, k0); b = i32x4.add(b, s); c = i32x4.add(c, k0); d = i32x4.add(d, s);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 17), x); w = v128.xor(rotate4(w, 17), u); b = v128.xor(rotate4(b, 17), a); d = v128.xor(rotate4(d, 17), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 29), x); w = v128.xor(rotate4(w, 29), u); b = v128.xor(rotate4(b, 29), a); d = v128.xor(rotate4(d, 29), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(turn16(y), x); w = v128.xor(turn16(w), u); b = v128.xor(turn16(b), a); d = v128.xor(turn16(d), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(turn24(y), x); w = v128.xor(turn24(w), u); b = v128.xor(turn24(b), a); d = v128.xor(turn24(d), c);
    s = i32x4.add(k2, i32x4.splat(4));
    x = i32x4.add(x, k1); y = i32x4.add(y, s); u = i32x4.add(u, k1); w = i32x4.add(w, s); a = i32x4.add(a, k1); b = i32x4.add(b, s); c = i32x4.add(c, k1); d = i32x4.add(d, s);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 13), x); w = v128.xor(rotate4(w, 13), u); b = v128.xor(rotate4(b, 13), a); d = v128.xor(rotate4(d, 13), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 15), x); w = v128.xor(rotate4(w, 15), u); b = v128.xor(rotate4(b, 15), a); d = v128.xor(rotate4(d, 15), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 26), x); w = v128.xor(rotate4(w, 26), u); b = v128.xor(rotate4(b, 26), a); d = v128.xor(rotate4(d, 26), c);
    x = i32x4.add(x, y); u = i32x4.add(u, w); a = i32x4.add(a, b); c = i32x4.add(c, d);
    y = v128.xor(rotate4(y, 6), x); w = v128.xor(rotate4(w, 6), u); b = v128.xor(rotate4(b, 6), a); d = v128.xor(rotate4(d, 6), c);
    s = i32x4.add(k0, i32x4.splat(5));
    x = i32x4.add(x, k2); y = i32x4.add(y, s); u = i32x4.add(u, k2); w = i32x4.add(w, s); a = i32x4.add(a, k2); b = i32x4.add(b, s); c = i32x4.add(c, k2); d = i32x4.add(d, s);
  }
  v128.store(out, x, 0);
  v128.store(out, y, 16);
  v128.store(out, u, 32);
  v128.store(out, w, 48);
  v128.store(out, a, 64);
  v128.store(out, b, 80);
  v128.store(out, c, 96);
  v128.store(out, d, 112);
}

/** Rotations by whole bytes are one shuffle. */
@inline
function turn16(y: v128): v128 {
  return i8x16.shuffle(y, y, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

@inline
function turn24(y: v128): v128 {
  return i8x16.shuffle(y, y, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
}

/** Words 0, 1, 2, … of the stream (key, counter = (n >>> 1, 0)), in order: `count` of them, a multiple of 16, from block `firstBlock`. */
export function randomWords(key0: u32, key1: u32, firstBlock: u32, count: i32, out: usize): void {
  for (let word = 0; word < count; word += 16) {
    threefry8(key0, key1, firstBlock + (word >>> 1), 0, out);
    interleave(out, 0);
    interleave(out, 32);
    out += 64;
  }
}

/** Words 0 and 1 of four blocks, from one vector each to the order 0, 1, 0, 1, … */
@inline
function interleave(at: usize, offset: usize): void {
  const x = v128.load(at + offset);
  const y = v128.load(at + offset, 16);
  v128.store(at + offset, v128.shuffle<u32>(x, y, 0, 4, 1, 5));
  v128.store(at + offset, v128.shuffle<u32>(x, y, 2, 6, 3, 7), 16);
}
