/**
 * Elementary functions of four numbers at once in single precision, the same operations in the same order as
 * kernels/single.ts, so that both give the same bits. Polynomial: Moshier, Cephes (expf).
 */

/**
 * The constants, in memory: V8 builds a vector constant anew at every use, in more instructions than a load. They lie
 * below the first block of the allocator (kernels/wasm/memory.ts).
 */
const CONSTANTS = memory.data<f32>([
  -87.0, 1.44269504, 12582912.0, 0.693359375, -2.12194440e-4,
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  1.0, -2.0, 2.0,
  <f32>(1.0 / 15.0), <f32>(1.0 / 13.0), <f32>(1.0 / 11.0), <f32>(1.0 / 9.0), <f32>(1.0 / 7.0), <f32>(1.0 / 5.0),
  <f32>(1.0 / 3.0), 4294967296.0,
]);

@inline
function constant(index: i32): v128 {
  return v128.load_splat<f32>(CONSTANTS + ((<usize>index) << 2));
}

@inline
const EXP: i32 = 5;
@inline
const ONE: i32 = 11;
@inline
const MINUS_TWO: i32 = 12;
@inline
const TWO: i32 = 13;
@inline
const ARTANH: i32 = 14;
@inline
const TWO_TO_32: i32 = 21;

/** x no lower than −87, so that e^x is a normal number; NaN stays NaN. */
@inline
function clamp(x: v128): v128 {
  return f32x4.pmax(x, constant(0));
}

/** k + 1.5 · 2^23 with k the integer nearest to x/ln 2: its low bits are k. */
@inline
function shiftedExponent(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(1)), constant(2));
}

/** e^r − 1 for r = x − k ln 2, |r| ≤ 0.35. */
@inline
function reducedExpm1(x: v128, shifted: v128): v128 {
  const k = f32x4.sub(shifted, constant(2));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, constant(3))), f32x4.mul(k, constant(4)));
  let p = constant(EXP);
  p = f32x4.add(f32x4.mul(p, r), constant(EXP + 1));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP + 2));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP + 3));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP + 4));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP + 5));
  return f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);
}

/** e^x for x ≤ 0; below −87 it stays at e^−87. */
@inline
export function exp4(x: v128): v128 {
  const clamped = clamp(x);
  const shifted = shiftedExponent(clamped);
  const y = f32x4.add(reducedExpm1(clamped, shifted), constant(ONE));
  return i32x4.add(y, i32x4.shl(shifted, 23));
}

/** tanh x = −e/(2 + e) with the sign of x, e = e^−2|x| − 1 = 2^k (e^r − 1) + (2^k − 1) without cancellation. */
@inline
export function tanh4(x: v128): v128 {
  const clamped = clamp(f32x4.mul(f32x4.abs(x), constant(MINUS_TWO)));
  const shifted = shiftedExponent(clamped);
  const power = i32x4.add(i32x4.shl(shifted, 23), constant(ONE));
  const q = reducedExpm1(clamped, shifted);
  const e = f32x4.add(f32x4.mul(power, q), f32x4.sub(power, constant(ONE)));
  const magnitude = f32x4.div(e, f32x4.add(constant(TWO), e));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(f32x4.abs(magnitude), sign);
}

/** 1/(1 + e^−x). */
@inline
export function logistic4(x: v128): v128 {
  const one = constant(ONE);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const upper = v128.bitselect(one, e, f32x4.gt(x, i32x4.splat(0)));
  return f32x4.div(upper, f32x4.add(one, e));
}

/** ln(1 + e) for 0 ≤ e ≤ 1: 2 artanh(e/(2 + e)). */
@inline
function log1p4(e: v128): v128 {
  const s = f32x4.div(e, f32x4.add(constant(TWO), e));
  const q = f32x4.mul(s, s);
  let p = constant(ARTANH);
  p = f32x4.add(f32x4.mul(p, q), constant(ARTANH + 1));
  p = f32x4.add(f32x4.mul(p, q), constant(ARTANH + 2));
  p = f32x4.add(f32x4.mul(p, q), constant(ARTANH + 3));
  p = f32x4.add(f32x4.mul(p, q), constant(ARTANH + 4));
  p = f32x4.add(f32x4.mul(p, q), constant(ARTANH + 5));
  p = f32x4.add(f32x4.mul(p, q), constant(ARTANH + 6));
  const twice = f32x4.add(s, s);
  return f32x4.add(f32x4.mul(f32x4.mul(twice, q), p), twice);
}

/** ln 2cosh x = |x| + ln(1 + e^−2|x|). */
@inline
export function logTwoCosh4(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  return f32x4.add(magnitude, log1p4(exp4(f32x4.mul(magnitude, constant(MINUS_TWO)))));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|). */
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, i32x4.splat(0)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))));
}

/**
 * All ones where the unit is in its upper state: the rarer state has probability p = e/(1 + e), e = e^−|x|·slope, and is
 * taken if the random word, complemented for x > 0, is below p · 2^32. `slope` is −2 for spin units, −1 for binary ones.
 */
@inline
export function sampled4(x: v128, slope: f32, words: v128): v128 {
  const e = exp4(f32x4.mul(f32x4.abs(x), f32x4.splat(slope)));
  const p = f32x4.div(e, f32x4.add(constant(ONE), e));
  const threshold = i32x4.trunc_sat_f32x4_u(f32x4.mul(p, constant(TWO_TO_32)));
  const flip = f32x4.gt(x, i32x4.splat(0));
  return v128.xor(i32x4.lt_u(v128.xor(words, flip), threshold), flip);
}
