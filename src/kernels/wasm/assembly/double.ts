/**
 * e^x and ln x of two numbers at once in double precision: the same operations in the same order as
 * kernels/elementary.ts, so that both give the same bits.
 */

@inline
const LN2_HIGH: f64 = 6.9314718036912381649e-1; // the top 33 bits of ln 2
@inline
const LN2_LOW: f64 = 1.90821492927058770002e-10; // ln 2 − LN2_HIGH
@inline
const LOG2_E: f64 = 1.4426950408889634;
@inline
const SQRT2: f64 = 1.4142135623730951;
@inline
const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;
/** 1.5 · 2^52: a whole number below 2^51 added to it stands in the low bits of the sum. */
@inline
const WHOLE: f64 = 6755399441055744;

/** p q + c */
@inline
function step(p: v128, q: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(p, q), f64x2.splat(c));
}

/** e^r − 1 for |r| ≤ 0.35, even and odd terms summed apart. */
@inline
function expm1Series(r: v128): v128 {
  const q = f64x2.mul(r, r);
  let even = f64x2.splat(1.0 / 87178291200.0);
  let odd = f64x2.splat(1.0 / 6227020800.0);
  even = step(even, q, 1.0 / 479001600.0);
  odd = step(odd, q, 1.0 / 39916800.0);
  even = step(even, q, 1.0 / 3628800.0);
  odd = step(odd, q, 1.0 / 362880.0);
  even = step(even, q, 1.0 / 40320.0);
  odd = step(odd, q, 1.0 / 5040.0);
  even = step(even, q, 1.0 / 720.0);
  odd = step(odd, q, 1.0 / 120.0);
  even = step(even, q, 1.0 / 24.0);
  odd = step(odd, q, 1.0 / 6.0);
  even = step(even, q, 0.5);
  return f64x2.add(r, f64x2.mul(q, f64x2.add(even, f64x2.mul(r, odd))));
}

/** e^x. */
@inline
export function expPair(x: v128): v128 {
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(0.5)));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(LN2_LOW));
  const r = f64x2.sub(high, low);
  const rest = f64x2.sub(f64x2.sub(high, r), low);
  const series = f64x2.add(f64x2.splat(1), f64x2.add(expm1Series(r), rest));
  if (v128.any_true(f64x2.gt(f64x2.abs(x), f64x2.splat(708)))) return scaledFar(x, k, series);
  const exponent = i64x2.add(f64x2.add(k, f64x2.splat(WHOLE)), i64x2.splat(1023));
  return f64x2.mul(series, i64x2.shl(exponent, 52));
}

/** series · 2^k in two steps, the first of them exact, and the limits where e^x is 0 or infinite. */
function scaledFar(x: v128, k: v128, series: v128): v128 {
  const whole = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  const half = i64x2.shr_s(whole, 1);
  const first = i64x2.shl(i64x2.add(i64x2.sub(whole, half), i64x2.splat(1023)), 52);
  const second = i64x2.shl(i64x2.add(half, i64x2.splat(1023)), 52);
  const value = f64x2.mul(f64x2.mul(series, first), second);
  const bounded = v128.bitselect(f64x2.splat(Infinity), value, f64x2.gt(x, f64x2.splat(709.782712893384)));
  return v128.andnot(bounded, f64x2.lt(x, f64x2.splat(-745.1332191019412)));
}

/** 2 artanh s for |s| ≤ 0.1716. */
@inline
function twoArtanhSeries(s: v128): v128 {
  const q = f64x2.mul(s, s);
  let sum = f64x2.splat(1.0 / 23.0);
  sum = step(sum, q, 1.0 / 21.0);
  sum = step(sum, q, 1.0 / 19.0);
  sum = step(sum, q, 1.0 / 17.0);
  sum = step(sum, q, 1.0 / 15.0);
  sum = step(sum, q, 1.0 / 13.0);
  sum = step(sum, q, 1.0 / 11.0);
  sum = step(sum, q, 1.0 / 9.0);
  sum = step(sum, q, 1.0 / 7.0);
  sum = step(sum, q, 1.0 / 5.0);
  sum = step(sum, q, 1.0 / 3.0);
  const twice = f64x2.add(s, s);
  return f64x2.add(twice, f64x2.mul(f64x2.mul(twice, q), sum));
}

/** ln(x 2^shift) of normal numbers. */
@inline
function logNormal(x: v128, shift: v128): v128 {
  const bits = v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000)); // 2^52 + exponent
  const mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const large = f64x2.gt(mantissa, f64x2.splat(SQRT2));
  const reduced = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, large);
  const exponent = f64x2.add(f64x2.sub(bits, f64x2.splat(4503599627371519)), shift); // 2^52 + 1023
  const k = f64x2.add(exponent, v128.and(large, f64x2.splat(1)));
  const f = f64x2.sub(reduced, f64x2.splat(1));
  const series = twoArtanhSeries(f64x2.div(f, f64x2.add(f64x2.splat(2), f)));
  const low = f64x2.add(f64x2.mul(k, f64x2.splat(LN2_LOW)), series);
  return f64x2.add(f64x2.mul(k, f64x2.splat(LN2_HIGH)), low);
}

/** Natural logarithm. */
@inline
export function logPair(x: v128): v128 {
  const above = f64x2.ge(x, f64x2.splat(SMALLEST_NORMAL));
  const normal = v128.and(above, f64x2.lt(x, f64x2.splat(Infinity)));
  return i64x2.all_true(normal) ? logNormal(x, f64x2.splat(0)) : logFar(x);
}

/** The same with subnormal numbers, which 2^54 lifts into the normal range, −∞ at 0, ∞ at ∞ and NaN elsewhere. */
function logFar(x: v128): v128 {
  const small = f64x2.lt(x, f64x2.splat(SMALLEST_NORMAL));
  const lifted = v128.bitselect(f64x2.mul(x, f64x2.splat(18014398509481984)), x, small);
  let value = logNormal(lifted, v128.and(small, f64x2.splat(-54)));
  value = v128.bitselect(f64x2.splat(-Infinity), value, f64x2.eq(x, f64x2.splat(0)));
  value = v128.bitselect(x, value, f64x2.eq(x, f64x2.splat(Infinity)));
  return v128.bitselect(value, f64x2.splat(NaN), f64x2.ge(x, f64x2.splat(0)));
}
