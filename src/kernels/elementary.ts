/**
 * Elementary functions built from +, −, ×, ÷ and √ only. IEEE 754 rounds those five correctly, so these functions give
 * the same bits on every engine and machine, which `Math.exp` and its relatives do not promise. Relative error
 * ≤ 4e-16 over the whole range unless a function says otherwise (measured in test/kernels/elementary.test.ts).
 */

const LN2_HIGH = 6.9314718036912381649e-1; // the top 33 bits of ln 2: k · LN2_HIGH is exact for |k| < 2^20
const LN2_LOW = 1.90821492927058770002e-10; // ln 2 − LN2_HIGH
const LOG2_E = 1.4426950408889634;
const SQRT2 = 1.4142135623730951;
const HALF_PI_HIGH = 1.57079632673412561417; // the top 33 bits of π/2
const HALF_PI_LOW = 6.07710050650619224932e-11; // π/2 − HALF_PI_HIGH

const doubleBits = new Float64Array(1);
const wordBits = new Uint32Array(doubleBits.buffer);
/** Index of the word that holds sign and exponent; which one it is depends on the machine's byte order. */
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** POWERS_OF_TWO[k + 1022] = 2^k for −1022 ≤ k ≤ 1023, exact. */
const POWERS_OF_TWO = new Float64Array(2046);
POWERS_OF_TWO[1022] = 1;
for (let k = 1; k <= 1023; k++) POWERS_OF_TWO[1022 + k] = 2 * POWERS_OF_TWO[1021 + k];
for (let k = 1; k <= 1022; k++) POWERS_OF_TWO[1022 - k] = 0.5 * POWERS_OF_TWO[1023 - k];

/**
 * e^r − 1 for |r| ≤ 0.35 by its Taylor series; the first term dropped is below 2e-18 of the result. Even and odd terms are
 * summed apart, so that a processor can do both at once.
 */
function expm1Series(r: number): number {
  const q = r * r;
  let even = 1 / 87178291200; // 1/14!
  let odd = 1 / 6227020800; // 1/13!
  even = even * q + 1 / 479001600;
  odd = odd * q + 1 / 39916800;
  even = even * q + 1 / 3628800;
  odd = odd * q + 1 / 362880;
  even = even * q + 1 / 40320;
  odd = odd * q + 1 / 5040;
  even = even * q + 1 / 720;
  odd = odd * q + 1 / 120;
  even = even * q + 1 / 24;
  odd = odd * q + 1 / 6;
  even = even * q + 0.5;
  return r + q * (even + r * odd);
}

/** e^x. Overflows to Infinity above 709.78 and underflows gradually to 0 below −745.13. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  if (x !== x) return NaN;
  const k = Math.floor(x * LOG2_E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const series = 1 + (expm1Series(r) + (high - r - low));
  if (k >= -1021 && k <= 1023) return series * POWERS_OF_TWO[k + 1022];
  return k > 0 ? series * 2 * POWERS_OF_TWO[k + 1021] : series * POWERS_OF_TWO[k + 2022] * POWERS_OF_TWO[22];
}

/** e^x − 1 without cancellation near 0. */
export function expm1(x: number): number {
  if (x > -0.35 && x < 0.35) return expm1Series(x);
  return exp(x) - 1;
}

/** 2 artanh(s) = ln((1+s)/(1−s)) for |s| ≤ 0.1716 by its series. */
function twoArtanhSeries(s: number): number {
  const q = s * s;
  let sum = 1 / 23;
  sum = sum * q + 1 / 21;
  sum = sum * q + 1 / 19;
  sum = sum * q + 1 / 17;
  sum = sum * q + 1 / 15;
  sum = sum * q + 1 / 13;
  sum = sum * q + 1 / 11;
  sum = sum * q + 1 / 9;
  sum = sum * q + 1 / 7;
  sum = sum * q + 1 / 5;
  sum = sum * q + 1 / 3;
  return 2 * s + 2 * s * q * sum;
}

/** Natural logarithm. −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (x !== x || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let k = 0;
  let scaled = x;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 18014398509481984; // 2^54 lifts subnormals into the normal range
    k = -54;
  }
  doubleBits[0] = scaled;
  k += (wordBits[HIGH_WORD] >>> 20) - 1023;
  wordBits[HIGH_WORD] = (wordBits[HIGH_WORD] & 0x000fffff) | 0x3ff00000;
  let mantissa = doubleBits[0];
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    k += 1;
  }
  const f = mantissa - 1;
  return k * LN2_HIGH + (k * LN2_LOW + twoArtanhSeries(f / (2 + f)));
}

/** ln(1 + x) without cancellation near 0. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return twoArtanhSeries(x / (2 + x));
  const sum = 1 + x;
  if (!(sum > 0) || sum === Infinity) return log(sum);
  return log(sum) + (x - (sum - 1)) / sum;
}

/** Hyperbolic tangent: 1 − 2/(e^{2|x|} + 1) with the sign of x, and by expm1 where that would cancel. */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 0.5) {
    const value = magnitude > 22 ? 1 : 1 - 2 / (exp(2 * magnitude) + 1);
    return x > 0 ? value : -value;
  }
  const e = expm1(2 * x);
  return e / (2 + e);
}

/** Hyperbolic sine, without cancellation near 0. */
export function sinh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 0.35) {
    const e = expm1Series(x);
    return (e + e / (1 + e)) / 2;
  }
  const half = exp(magnitude / 2);
  const value = (half / 2) * half - 0.5 / half / half;
  return x > 0 ? value : -value;
}

/** Hyperbolic cosine. */
export function cosh(x: number): number {
  const half = exp(Math.abs(x) / 2);
  return (half / 2) * half + 0.5 / half / half;
}

/** Inverse hyperbolic tangent on (−1, 1). */
export function artanh(x: number): number {
  const magnitude = Math.abs(x);
  const value = 0.5 * log1p((2 * magnitude) / (1 - magnitude));
  return x < 0 ? -value : value;
}

/** x^y for x > 0: exp(y ln x), relative error about 4e-16 · |y ln x|. */
export function power(x: number, y: number): number {
  return exp(y * log(x));
}

/** Logistic function 1/(1 + e^{−x}): the mean of a binary (0/1) unit with input x. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** ln(1 + e^x) = max(x, 0) + log1p(e^{−|x|}): the log-partition of a binary (0/1) unit with input x. */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}

/** ln(2 cosh x) = |x| + log1p(e^{−2|x|}): the log-partition of a spin (±1) unit with input x. */
export function logTwoCosh(x: number): number {
  const magnitude = Math.abs(x);
  return magnitude + log1p(exp(-2 * magnitude));
}

/** sin and cos of x reduced to a quadrant: x = q π/2 + r with |r| ≤ π/4. Meant for |x| < 1e5. */
function reduceAngle(x: number): readonly [quadrant: number, remainder: number] {
  const q = Math.floor(x / (Math.PI / 2) + 0.5);
  return [((q % 4) + 4) % 4, x - q * HALF_PI_HIGH - q * HALF_PI_LOW];
}

/** sin r for |r| ≤ π/4 by its Taylor series. */
function sinSeries(r: number): number {
  const q = r * r;
  let sum = -1 / 1307674368000;
  sum = sum * q + 1 / 6227020800;
  sum = sum * q - 1 / 39916800;
  sum = sum * q + 1 / 362880;
  sum = sum * q - 1 / 5040;
  sum = sum * q + 1 / 120;
  sum = sum * q - 1 / 6;
  return r + r * q * sum;
}

/** cos r for |r| ≤ π/4 by its Taylor series. */
function cosSeries(r: number): number {
  const q = r * r;
  let sum = 1 / 20922789888000;
  sum = sum * q - 1 / 87178291200;
  sum = sum * q + 1 / 479001600;
  sum = sum * q - 1 / 3628800;
  sum = sum * q + 1 / 40320;
  sum = sum * q - 1 / 720;
  sum = sum * q + 1 / 24;
  return 1 - q / 2 + q * q * sum;
}

/** Sine for |x| < 1e5; absolute error ≤ 3e-16. */
export function sin(x: number): number {
  const [quadrant, r] = reduceAngle(x);
  const value = quadrant % 2 === 0 ? sinSeries(r) : cosSeries(r);
  return quadrant < 2 ? value : -value;
}

/** Cosine for |x| < 1e5; absolute error ≤ 3e-16. */
export function cos(x: number): number {
  const [quadrant, r] = reduceAngle(x);
  const value = quadrant % 2 === 0 ? cosSeries(r) : sinSeries(r);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

/** Arc tangent of y/x in (−π, π], by three half-angle reductions and the series; absolute error ≤ 1e-15. */
export function atan2(y: number, x: number): number {
  if (x === 0 && y === 0) return 0;
  const [small, large] = Math.abs(y) <= Math.abs(x) ? [y, x] : [x, y];
  const ratio = Math.abs(small / large);
  const angle = arctanUnit(ratio);
  const octant = Math.abs(y) <= Math.abs(x) ? angle : Math.PI / 2 - angle;
  const upper = x < 0 ? Math.PI - octant : octant;
  return y < 0 ? -upper : upper;
}

/** arctan t for 0 ≤ t ≤ 1: each step uses arctan t = 2 arctan(t / (1 + √(1 + t²))). */
function arctanUnit(t: number): number {
  let reduced = t;
  for (let halving = 0; halving < 3; halving++) reduced /= 1 + Math.sqrt(1 + reduced * reduced);
  const q = reduced * reduced;
  let sum = 0;
  for (let k = 17; k >= 1; k -= 2) sum = (k % 4 === 1 ? 1 : -1) / k + q * sum;
  return 8 * reduced * sum;
}
