import { exp, log1p } from "../../kernels/elementary.js";

/**
 * A function's value and its first two derivatives with respect to one variable, [f, f′, f″]: forward-mode
 * differentiation, exact to rounding. The functions below are the rules of calculus for it.
 */
export type Jet = readonly [value: number, first: number, second: number];

export function addJets(...jets: readonly Jet[]): Jet {
  let value = 0;
  let first = 0;
  let second = 0;
  for (const jet of jets) {
    value += jet[0];
    first += jet[1];
    second += jet[2];
  }
  return [value, first, second];
}

export function scaleJet(f: Jet, factor: number): Jet {
  return [f[0] * factor, f[1] * factor, f[2] * factor];
}

export function multiplyJets(f: Jet, g: Jet): Jet {
  return [f[0] * g[0], f[1] * g[0] + f[0] * g[1], f[2] * g[0] + 2 * f[1] * g[1] + f[0] * g[2]];
}

/** f/g for g ≠ 0. */
export function divideJets(f: Jet, g: Jet): Jet {
  const value = f[0] / g[0];
  const first = (f[1] - value * g[1]) / g[0];
  return [value, first, (f[2] - 2 * first * g[1] - value * g[2]) / g[0]];
}

/** √f for f > 0. */
export function sqrtJet(f: Jet): Jet {
  const root = Math.sqrt(f[0]);
  const first = f[1] / (2 * root);
  return [root, first, (f[2] - 2 * first * first) / (2 * root)];
}

/** ln(1 + f) for f > −1. */
export function log1pJet(f: Jet): Jet {
  const first = f[1] / (1 + f[0]);
  return [log1p(f[0]), first, f[2] / (1 + f[0]) - first * first];
}

/** e^f. */
export function expJet(f: Jet): Jet {
  const value = exp(f[0]);
  return [value, value * f[1], value * (f[2] + f[1] * f[1])];
}

/** f^n for a whole number n ≥ 2, also at f = 0. */
export function powJet(f: Jet, n: number): Jet {
  const low = wholePower(f[0], n - 2);
  const slope = n * low * f[0];
  return [low * f[0] * f[0], slope * f[1], slope * f[2] + n * (n - 1) * low * f[1] * f[1]];
}

/** x^n for a whole number n ≥ 0 by repeated squaring, with 0^0 = 1. */
export function wholePower(x: number, n: number): number {
  let result = 1;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
