import type { UnitType } from "./interface.js";

/**
 * Elementary functions in single precision: every operation is rounded to float32, which IEEE 754 fixes to the bit, so
 * a vector unit that does the same operations in the same order gives the same numbers. Error bounds are measured over
 * the whole range in test/kernels/single.test.ts. Polynomial: Moshier, Cephes (expf).
 */

const f = Math.fround;

const LOG2_E = f(1.44269504);
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
/** 1.5 · 2^23: adding and subtracting it rounds to the nearest integer, ties to even. */
const ROUNDING = f(12582912);
/** Below this e^x is kept from falling, so that it stays a normal number. */
const LOWEST = -87;
const EXP = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(f);
const ARTANH = [1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3].map(f);

const bits = new Int32Array(1);
const single = new Float32Array(bits.buffer);

/** 2^k for −126 ≤ k ≤ 127, exact. */
function powerOfTwo(k: number): number {
  bits[0] = (k + 127) << 23;
  return single[0];
}

/** Horner's rule, highest coefficient first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0];
  for (let k = 1; k < coefficients.length; k++) sum = f(f(sum * x) + coefficients[k]);
  return sum;
}

/** The integer nearest to x/ln 2. */
function exponentOf(x: number): number {
  return f(f(f(x * LOG2_E) + ROUNDING) - ROUNDING);
}

/** e^r − 1 for r = x − k ln 2, |r| ≤ 0.35. */
function reducedExpm1(x: number, k: number): number {
  const r = f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));
  return f(f(f(r * r) * polynomial(EXP, r)) + r);
}

/** e^x for x ≤ 0, relative error ≤ 1.2e-7; below −87 it stays at e^−87. */
export function expSingle(x: number): number {
  const clamped = Math.max(f(x), LOWEST);
  const k = exponentOf(clamped);
  return f(f(reducedExpm1(clamped, k) + 1) * powerOfTwo(k));
}

/**
 * tanh x, relative error ≤ 3e-7: −e/(2 + e) with the sign of x, where e = e^−2|x| − 1 = 2^k (e^r − 1) + (2^k − 1) without
 * cancellation.
 */
export function tanhSingle(x: number): number {
  const value = f(x);
  const clamped = Math.max(f(Math.abs(value) * -2), LOWEST);
  const k = exponentOf(clamped);
  const power = powerOfTwo(k);
  const e = f(f(power * reducedExpm1(clamped, k)) + f(power - 1));
  const magnitude = Math.abs(f(e / f(2 + e)));
  return value < 0 || Object.is(value, -0) ? -magnitude : magnitude;
}

/** 1/(1 + e^−x), relative error ≤ 3e-7. */
export function logisticSingle(x: number): number {
  const value = f(x);
  const e = expSingle(-Math.abs(value));
  return f((value > 0 ? 1 : e) / f(1 + e));
}

/** ln(1 + e) for 0 ≤ e ≤ 1: 2 artanh(e/(2 + e)). */
function log1pUnit(e: number): number {
  const s = f(e / f(2 + e));
  const q = f(s * s);
  const twice = f(s + s);
  return f(f(f(twice * q) * polynomial(ARTANH, q)) + twice);
}

/** ln 2cosh x = |x| + ln(1 + e^−2|x|), relative error ≤ 2e-7. */
export function logTwoCoshSingle(x: number): number {
  const magnitude = Math.abs(f(x));
  return f(magnitude + log1pUnit(expSingle(f(magnitude * -2))));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|), relative error ≤ 3e-7. */
export function softplusSingle(x: number): number {
  const value = f(x);
  return f(Math.max(value, 0) + log1pUnit(expSingle(-Math.abs(value))));
}

/**
 * The state of one unit with input x, drawn with one 32-bit random word. The rarer state has probability
 * p = e/(1 + e), e = e^−2|x| (spin) or e^−|x| (binary), and is taken if the word, complemented for x > 0, is below
 * p · 2^32: the rule is symmetric under x → −x and rare states keep their relative precision.
 */
export function sampledBit(units: UnitType, x: number, word: number): 0 | 1 {
  const value = f(x);
  const e = expSingle(f(Math.abs(value) * (units === "spin" ? -2 : -1)));
  const threshold = Math.floor(f(f(e / f(1 + e)) * 4294967296));
  const likelyUpper = value > 0;
  const rare = (likelyUpper ? ~word >>> 0 : word >>> 0) < threshold;
  return rare === likelyUpper ? 0 : 1;
}
