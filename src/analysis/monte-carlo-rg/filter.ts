import { DataError } from "../../errors/index.js";
import { logistic } from "../../kernels/elementary.js";
import { fillStandardNormal, type SeedKey } from "../../random/index.js";
import type { BlockRule } from "./block-rule.js";
import { LANES, modulo } from "./operator-sums.js";

/** Block spins of filters stand on every second site of both axes. */
const STRIDE = 2;

/** The largest window: the probabilities of all its states are tabulated. */
const MAX_SIDE = 4;

/** One hidden unit that is repeated over the lattice. */
export interface SharedFilter {
  /** w, side × side, row-major. */
  readonly weights: Float64Array;
  /** b; other than 0 it breaks the symmetry between up and down. */
  readonly bias: number;
}

/**
 * Block spins of a restricted Boltzmann machine with one filter of stride 2 (spin units): P(h = 1|v) = logistic(2(b +
 * w·v)), v the window of the filter's size about the 2 × 2 block (1 × 1: its first corner, 3 × 3: the block and the next
 * row and column, 4 × 4: the block and one more on every side). DataError unless the weights fill a square of side 1 to 4 and are
 * finite, and some v make another P(h|v) than others.
 *
 * @param filter its weights and bias
 * @param name what the rule is called in tables, to which the window's size is added
 */
export function sharedFilterRule(filter: SharedFilter, name = "rbm"): BlockRule {
  return filterRule(name, filter, (input) => logistic(2 * input));
}

/** h = sign(w·v + b), ½ each at 0. */
export function signFilterRule(filter: SharedFilter, name: string): BlockRule {
  return filterRule(name, filter, (input) => (Math.sign(input) + 1) / 2);
}

/** The sign of a random projection: w of `side` × `side` standard normal numbers. A block rule that knows no physics. */
export function randomFilterRule(key: SeedKey, side = 3): BlockRule {
  const weights = new Float64Array(side * side);
  fillStandardNormal(key, weights);
  return signFilterRule({ weights, bias: 0 }, "random filter");
}

function filterRule(name: string, filter: SharedFilter, probability: (input: number) => number): BlockRule {
  const side = filterSide(filter);
  const table = probabilityTable(filter, probability);
  if (table.every((p) => p === table[0])) {
    throw new DataError(
      `a filter of ${filter.weights.length} weights with which block spins do not depend on the spins: ` +
        `P(h = 1|v) = ${table[0]} for every v. Expected weights that are not all zero, nor lost beside the bias of ${filter.bias}.`,
    );
  }
  const certain = table.every((p) => p === 0 || p === 1);
  const start = Math.trunc((STRIDE - side) / 2);
  const window = new Uint32Array(side * side);
  return {
    name: `${name} ${side}×${side}`,
    scale: STRIDE,
    filter,
    apply(words, [width, height], random, out) {
      let block = 0;
      for (let x = 0; x < width; x += STRIDE) {
        for (let y = 0; y < height; y += STRIDE) {
          for (let k = 0; k < window.length; k++) {
            const row = modulo(x + start + Math.floor(k / side), width);
            window[k] = words[row * height + modulo(y + start + (k % side), height)];
          }
          let bits = 0;
          for (let lane = 0; lane < LANES; lane++) {
            const p = table[windowState(window, lane)];
            const up = certain ? p === 1 : random.nextUniform() < p;
            if (up) bits |= 1 << lane;
          }
          out[block++] = bits;
        }
      }
    },
  };
}

/** The spins of one configuration in the window as a number, bit k for window site k. */
function windowState(window: Uint32Array, lane: number): number {
  let state = 0;
  for (let k = 0; k < window.length; k++) state |= ((window[k] >>> lane) & 1) << k;
  return state;
}

/** P(h = 1|v) of every state of the window. */
function probabilityTable(
  { weights, bias }: SharedFilter,
  probability: (input: number) => number,
): Float64Array {
  return Float64Array.from({ length: 2 ** weights.length }, (_, state) =>
    probability(weights.reduce((sum, w, k) => sum + ((state >>> k) & 1 ? w : -w), bias)),
  );
}

function filterSide({ weights, bias }: SharedFilter): number {
  const side = Math.round(Math.sqrt(weights.length));
  if (side < 1 || side > MAX_SIDE || side * side !== weights.length) {
    throw new DataError(
      `a filter of ${weights.length} weights: expected a square of 1 × 1 to ${MAX_SIDE} × ${MAX_SIDE}.`,
    );
  }
  const odd = [...weights, bias].find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new DataError(`a filter with a weight of ${odd}: expected finite numbers.`);
  return side;
}
