import { DomainError } from "../../errors/index.js";
import { exp, log, logTwoCosh, tanh } from "../../kernels/elementary.js";
import { modulo } from "./operator-sums.js";

/** Block spins stand on every second site. */
const STRIDE = 2;

/** The torus on which all states are enumerated: 2^16, half of them by symmetry. */
export const ENUMERATED_SIDE = 4;
const SITES = ENUMERATED_SIDE * ENUMERATED_SIDE;

/**
 * Weights of a side × side window that are alike under the eight symmetries of the square, `classes[k]` for window site k,
 * row-major: 1 for 2 × 2, 3 for 3 × 3 and 4 × 4. Numbered from the centre outwards. DomainError for other sides.
 */
export function symmetryClasses(side: number): { readonly classes: Uint8Array; readonly count: number } {
  if (![2, 3, 4].includes(side)) throw new DomainError(`a filter of side ${side}: expected 2, 3 or 4.`);
  const keys = Array.from({ length: side * side }, (_, k) => {
    const [x, y] = [Math.floor(k / side), k % side].map((i) => Math.abs(2 * i - side + 1));
    return 100 * (x * x + y * y) + Math.max(x, y);
  });
  const distinct = [...new Set(keys)].sort((a, b) => a - b);
  return { classes: Uint8Array.from(keys, (key) => distinct.indexOf(key)), count: distinct.length };
}

/** States that no symmetric filter tells apart. */
interface StateClass {
  /** How many states. */
  readonly states: number;
  /** Σ v v' over the bonds. */
  readonly bonds: number;
  /** Sums of the spins in each class of each hidden unit's window, unit-major. */
  readonly sums: Float64Array;
}

/** A loss and its gradient with respect to the weights, which is written into `gradient`. */
export type FilterLoss = (weights: Float64Array, gradient: Float64Array) => number;

/**
 * A restricted Boltzmann machine on the 4 × 4 torus with one hidden unit for every second site of both axes, all with the same
 * symmetric filter and no biases, H_λ(v) = −Σ_j ln 2cosh(w·x_j), beside the Ising model H = −KΣvv′, both by enumeration.
 */
export class TiedRbm {
  readonly #classes: readonly StateClass[];
  /** ln of the number of states of each class, and of P without its norm. */
  readonly #multiplicity: Float64Array;
  readonly #target: Float64Array;
  readonly #energy: Float64Array;

  constructor(
    side: number,
    coupling: number,
    readonly weightCount = symmetryClasses(side).count,
  ) {
    this.#classes = enumerate(side, weightCount);
    this.#multiplicity = Float64Array.from(this.#classes, ({ states }) => states);
    this.#energy = Float64Array.from(this.#classes, ({ bonds }) => -coupling * bonds);
    this.#target = distribution(this.#multiplicity, this.#energy).probabilities;
  }

  /** KL(P‖P_λ) in nats; gradient ⟨g⟩_P − ⟨g⟩_λ, g = ∂H_λ/∂w. */
  readonly kl: FilterLoss = (weights, gradient) => {
    const { hamiltonians, slopes } = this.#model(weights);
    const { probabilities, logPartition } = distribution(this.#multiplicity, hamiltonians);
    const own = distribution(this.#multiplicity, this.#energy).logPartition;
    slopes.forEach((slope, a) => (gradient[a] = mean(this.#target, slope) - mean(probabilities, slope)));
    return mean(this.#target, hamiltonians) + logPartition - mean(this.#target, this.#energy) - own;
  };

  /** KL(P_λ‖P) in nats; gradient −Cov_λ(D, g), D = H − H_λ. */
  readonly reverseKl: FilterLoss = (weights, gradient) => {
    const { hamiltonians, slopes } = this.#model(weights);
    const { probabilities, logPartition } = distribution(this.#multiplicity, hamiltonians);
    const own = distribution(this.#multiplicity, this.#energy).logPartition;
    const mismatch = this.#energy.map((h, k) => h - hamiltonians[k]);
    slopes.forEach((slope, a) => (gradient[a] = -covariance(probabilities, mismatch, slope)));
    return mean(probabilities, mismatch) - logPartition + own;
  };

  /** Var_P(D) in nats², zero where the trace condition holds; gradient −2Cov_P(D, g). */
  readonly trace: FilterLoss = (weights, gradient) => {
    const { hamiltonians, slopes } = this.#model(weights);
    const mismatch = this.#energy.map((h, k) => h - hamiltonians[k]);
    slopes.forEach((slope, a) => (gradient[a] = -2 * covariance(this.#target, mismatch, slope)));
    return covariance(this.#target, mismatch, mismatch);
  };

  /** H_λ of every class of states, and its derivative with respect to each weight. */
  #model(weights: Float64Array): { hamiltonians: Float64Array; slopes: readonly Float64Array[] } {
    const count = this.weightCount;
    const hamiltonians = new Float64Array(this.#classes.length);
    const slopes = Array.from(weights, () => new Float64Array(this.#classes.length));
    this.#classes.forEach(({ sums }, k) => {
      for (let unit = 0; unit < sums.length; unit += count) {
        let x = 0;
        for (let a = 0; a < count; a++) x += weights[a] * sums[unit + a];
        hamiltonians[k] -= logTwoCosh(x);
        const t = tanh(x);
        for (let a = 0; a < count; a++) slopes[a][k] -= t * sums[unit + a];
      }
    });
    return { hamiltonians, slopes };
  }
}

/** The classes of the states with the first spin down; a global flip changes neither energy. */
function enumerate(side: number, count: number): readonly StateClass[] {
  const windows = windowMasks(side, count);
  const found = new Map<string, { states: number; bonds: number; sums: Float64Array }>();
  for (let state = 0; state < 2 ** (SITES - 1); state++) {
    const units = windows.map((masks) => masks.map((mask) => spinSum(state, mask)));
    const bonds = bondSum(state);
    const key = `${bonds};${units
      .map((sums) => sums.join())
      .sort()
      .join(";")}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { states: 2, bonds, sums: Float64Array.from(units.flat()) });
    else known.states += 2;
  }
  return [...found.values()];
}

/** For each hidden unit and class the sites of the class in its window, laid as `sharedFilterRule` lays it. */
function windowMasks(side: number, count: number): readonly (readonly number[])[] {
  const { classes } = symmetryClasses(side);
  const start = Math.trunc((STRIDE - side) / 2);
  const masks: number[][] = [];
  for (let x = 0; x < ENUMERATED_SIDE; x += STRIDE) {
    for (let y = 0; y < ENUMERATED_SIDE; y += STRIDE) {
      const own = new Array<number>(count).fill(0);
      classes.forEach((a, k) => {
        const row = modulo(x + start + Math.floor(k / side), ENUMERATED_SIDE);
        const column = modulo(y + start + (k % side), ENUMERATED_SIDE);
        own[a] |= 1 << (row * ENUMERATED_SIDE + column);
      });
      masks.push(own);
    }
  }
  return masks;
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function spinSum(state: number, mask: number): number {
  return 2 * bitCount(state & mask) - bitCount(mask);
}

/** Σ v v' on the torus: each spin with the next one along both axes. */
function bondSum(state: number): number {
  const last = ENUMERATED_SIDE - 1;
  let next = 0;
  for (let row = 0; row < ENUMERATED_SIDE; row++) {
    const bits = (state >>> (row * ENUMERATED_SIDE)) & 0xf;
    next |= ((bits >>> 1) | ((bits & 1) << last)) << (row * ENUMERATED_SIDE);
  }
  const below = (state >>> ENUMERATED_SIDE) | ((state & 0xf) << (SITES - ENUMERATED_SIDE));
  return 2 * SITES - 2 * (bitCount(state ^ next) + bitCount(state ^ below));
}

/** P ∝ states · e^{−H} of every class, and ln Z. */
function distribution(
  states: Float64Array,
  hamiltonians: Float64Array,
): { probabilities: Float64Array; logPartition: number } {
  const least = hamiltonians.reduce((a, b) => Math.min(a, b));
  const weights = hamiltonians.map((h, k) => states[k] * exp(least - h));
  const sum = weights.reduce((a, b) => a + b);
  return { probabilities: weights.map((weight) => weight / sum), logPartition: log(sum) - least };
}

function mean(probabilities: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += probabilities[k] * values[k];
  return sum;
}

function covariance(probabilities: Float64Array, a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(probabilities, a), mean(probabilities, b)];
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += probabilities[k] * (a[k] - meanA) * (b[k] - meanB);
  return sum;
}
