import { expPair, logPair } from "./double";
import { exp4, logistic4, logTwoCosh4, softplus4, tanh4 } from "./single";

/**
 * values ← f(values), `count` of them, a multiple of 4; f by number: exp (of x ≤ 0), tanh, logistic, ln 2cosh, softplus.
 * The inner functions of the kernels made visible, so that their errors can be measured.
 */
export function mapSingle(f: i32, values: usize, count: i32): void {
  const end = values + ((<usize>count) << 2);
  for (let at = values; at < end; at += 16) {
    const x = v128.load(at);
    let y = x;
    if (f == 0) y = exp4(x);
    else if (f == 1) y = tanh4(x);
    else if (f == 2) y = logistic4(x);
    else if (f == 3) y = logTwoCosh4(x);
    else y = softplus4(x);
    v128.store(at, y);
  }
}

/** The same in double precision, `count` a multiple of 2; f by number: exp, ln. */
export function mapDouble(f: i32, values: usize, count: i32): void {
  const end = values + ((<usize>count) << 3);
  for (let at = values; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, f == 0 ? expPair(x) : logPair(x));
  }
}
