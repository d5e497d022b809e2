import { DataError } from "../errors/index.js";
import { exp, log } from "../kernels/elementary.js";
import { compensatedSum } from "./moments.js";

/**
 * Streaming ln Σ_i e^{x_i}: keeps the largest term m and Σ e^{x_i − m} (compensated), so that nothing overflows and the
 * many small terms beside a large one are not lost. Terms of −Infinity add nothing; one of +Infinity makes the sum +Infinity; NaN stays NaN.
 */
export class LogSumExp {
  #largest = -Infinity;
  #scaled = 0;
  #lost = 0; // what rounding took from #scaled (Neumaier)
  #count = 0;

  /** Add the term e^x. */
  add(x: number): void {
    this.#count++;
    this.#include(x, 1);
  }

  /** Add every term of another accumulator. */
  merge(other: LogSumExp): void {
    this.#count += other.#count;
    this.#include(other.#largest, other.#scaled + other.#lost);
  }

  /** ln Σ e^{x_i}; −Infinity before the first term. */
  get value(): number {
    return this.#largest === -Infinity ? -Infinity : this.#largest + log(this.#scaled + this.#lost);
  }

  /** Number of terms added, those of −Infinity included. */
  get count(): number {
    return this.#count;
  }

  /** ln (1/n) Σ e^{x_i} over the n terms added; NaN before the first. */
  get logMean(): number {
    return this.#count === 0 ? NaN : this.value - log(this.#count);
  }

  #include(x: number, scaled: number): void {
    if (x === -Infinity) return;
    if (x === this.#largest) {
      this.#accumulate(scaled); // also ∞ with ∞, whose difference would be NaN
    } else if (x < this.#largest) {
      this.#accumulate(scaled * exp(x - this.#largest));
    } else {
      const shrink = exp(this.#largest - x); // 0 from −Infinity, NaN from or to NaN
      this.#scaled *= shrink;
      this.#lost *= shrink;
      this.#largest = x;
      this.#accumulate(scaled);
    }
  }

  #accumulate(term: number): void {
    const next = this.#scaled + term;
    this.#lost += this.#scaled >= term ? this.#scaled - next + term : term - next + this.#scaled;
    this.#scaled = next;
  }
}

/** ln Σ_i e^{x_i} of an array; −Infinity when it is empty or all terms are −Infinity. */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value <= largest)) largest = value;
    if (value !== value) return NaN;
  }
  if (largest === -Infinity || largest === Infinity) return largest;
  return largest + log(compensatedSum(Float64Array.from(values, (value) => exp(value - largest))));
}

/** ln (1/n) Σ_i e^{x_i}; −Infinity when all terms are −Infinity. DataError when there is no value. */
export function logMeanExp(values: ArrayLike<number>): number {
  if (values.length === 0) throw new DataError("log-mean-exp of no values: at least one is needed.");
  return logSumExp(values) - log(values.length);
}
