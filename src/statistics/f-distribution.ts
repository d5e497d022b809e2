import { DomainError } from "../errors/index.js";
import { exp, log, log1p } from "../kernels/elementary.js";

const MOST_TERMS = 1000;
/** A factor this near to 1 ends the continued fraction. */
const CONVERGED = 1e-15;
/** Stands for a denominator that vanishes. */
const TINY = 1e-300;

/**
 * P(F > f) of Fisher's F distribution with `numerator` and `denominator` degrees of freedom: the regularised incomplete
 * beta function I_x(d₂/2, d₁/2) at x = d₂/(d₂ + d₁ f). 1 for f ≤ 0, NaN for NaN. DomainError unless both are whole
 * numbers ≥ 1. Relative error about 1e-13.
 */
export function fSurvival(f: number, numerator: number, denominator: number): number {
  if (![numerator, denominator].every((degrees) => Number.isInteger(degrees) && degrees >= 1)) {
    throw new DomainError(`F with ${numerator} and ${denominator} degrees of freedom: whole numbers ≥ 1.`);
  }
  if (Number.isNaN(f)) return NaN;
  if (!(f > 0)) return 1;
  const ratio = (numerator * f) / denominator;
  if (ratio === Infinity) return 0;
  return incompleteBeta(1 / (1 + ratio), ratio / (1 + ratio), denominator, numerator);
}

/** I_x(a/2, b/2) with x + y = 1, by its continued fraction on the side where that converges fast. */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x * (a + b + 4) > a + 2) return 1 - incompleteBeta(y, x, b, a);
  const [p, q] = [a / 2, b / 2];
  const logY = x < 0.5 ? log1p(-x) : log(y);
  const logFront = p * log(x) + q * logY - log(p) - logBeta(a, b);
  return exp(logFront) * continuedFraction(x, p, q);
}

/** Lentz's evaluation (Press et al., Numerical Recipes, 6.4). */
function continuedFraction(x: number, p: number, q: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((p + q) * x) / (p + 1));
  let value = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    let last = 1;
    for (const term of [
      (m * (q - m) * x) / ((p + 2 * m - 1) * (p + 2 * m)),
      (-(p + m) * (p + q + m) * x) / ((p + 2 * m) * (p + 2 * m + 1)),
    ]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      last = c * d;
      value *= last;
    }
    if (Math.abs(last - 1) < CONVERGED) break;
  }
  return value;
}

function nonZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}

/** ln B(a/2, b/2) */
function logBeta(a: number, b: number): number {
  return logGammaOfHalf(a) + logGammaOfHalf(b) - logGammaOfHalf(a + b);
}

/** ln Γ(k/2): Γ(½) = √π, Γ(1) = 1, Γ(z + 1) = zΓ(z). */
function logGammaOfHalf(k: number): number {
  let sum = k % 2 === 1 ? log(Math.PI) / 2 : 0;
  for (let j = k - 2; j >= 1; j -= 2) sum += log(j / 2);
  return sum;
}
