import { DomainError } from "../../errors/index.js";
import { type Rbm, toSpin } from "../../rbm/parameters.js";
import { fieldSets, requireSets, setCount, type SpinSets } from "./spin-sets.js";
import { type UnitQuadrature, unitQuadrature } from "./unit-quadrature.js";

/** Couplings J_A of some sets A of spins, in the order of the sets. */
export interface Couplings {
  /** J_A of every set, in nats. */
  readonly values: Float64Array;
  /** Bounds on the errors: rounding, and the fourth cumulant of weights that are treated as Gaussian. */
  readonly errors: Float64Array;
}

/** The effective Hamiltonian of the visible spins of an RBM as far as it was asked for. */
export interface Expansion {
  /** J_∅: the mean of −H_λ over all configurations. */
  readonly constant: number;
  /** J_i of every visible spin, the visible bias included. */
  readonly fields: Couplings;
  /** As many as sets were given. */
  readonly couplings: readonly Couplings[];
}

/** How exactly a Hamiltonian is expanded. */
export interface ExpansionOptions {
  /** Weights of each hidden unit that are averaged over exactly; the others as a Gaussian. Default: all. */
  readonly largestWeights?: number;
  /** Awaited after every hidden unit, with how many of all are done. */
  readonly pause?: (done: number, units: number) => void | Promise<void>;
}

/** Rounding error of one unit's share of a coupling, relative to the product of its weights. */
const ROUNDING = 2e-14;

/**
 * Couplings of the effective Hamiltonian of the visible spins, −H_λ(s) = Σ_A J_A Π_{i∈A} s_i:
 *   J_A = E[Π_{i∈A} s_i (c·s + Σ_a ln 2cosh(b_a + Σ_i w_ia s_i))],  E over all 2^n configurations alike
 * (Liu eq. 6, with −H; a positive pair is ferromagnetic). Each hidden unit is one integral, see `unitQuadrature`, exact to rounding
 * for any number of weights. A binary RBM is written for ±1 units first. Cost Σ_sets · Σ_units · nodes, some 100 to 200 nodes.
 *
 * @param rbm the RBM, with units of either kind
 * @param sets sets of its visible units, by order; fields are always expanded
 * @param options how exactly; default: all weights, without a pause
 */
export async function expandHamiltonian(
  rbm: Rbm,
  sets: readonly SpinSets[],
  { largestWeights = Infinity, pause }: ExpansionOptions = {},
): Promise<Expansion> {
  if (!(largestWeights >= 0)) {
    throw new DomainError(`${largestWeights} weights of each unit: expected a number ≥ 0.`);
  }
  for (const each of sets) requireSets(each, rbm.visible);
  const { rbm: spins, constant } = toSpin(rbm);
  const fields = fieldSets(rbm.visible);
  const all = [fields, ...sets];
  const results = all.map((each) => emptyCouplings(setCount(each)));
  let mean = constant;
  for (let unit = 0; unit < spins.hidden; unit++) {
    const weights = columnOf(spins, unit);
    const quadrature = unitQuadrature(weights, spins.hiddenBias[unit], largestMask(weights, largestWeights));
    mean += quadrature.mean;
    all.forEach((each, index) => {
      addUnit(quadrature, weights, each, results[index]);
    });
    await pause?.(unit + 1, spins.hidden);
  }
  const [own, ...couplings] = results;
  own.values.forEach((_, spin) => (own.values[spin] += spins.visibleBias[spin]));
  return { constant: mean, fields: own, couplings };
}

function emptyCouplings(count: number): Couplings {
  return { values: new Float64Array(count), errors: new Float64Array(count) };
}

function columnOf({ visible, hidden, weights }: Rbm, unit: number): Float64Array {
  return Float64Array.from({ length: visible }, (_, spin) => weights[spin * hidden + unit]);
}

/** 1 for the `count` weights of largest magnitude; null if these are all that are not zero. */
function largestMask(weights: Float64Array, count: number): Uint8Array | null {
  const order = Array.from(weights.keys()).filter((spin) => weights[spin] !== 0);
  if (order.length <= count) return null;
  order.sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a]) || a - b);
  const mask = new Uint8Array(weights.length);
  for (const spin of order.slice(0, count)) mask[spin] = 1;
  return mask;
}

/** Add one hidden unit's share to the couplings of all sets; sets with a weight of zero have none. */
function addUnit(
  { nodes, even, odd, ratios, bound }: UnitQuadrature,
  weights: Float64Array,
  { order, members }: SpinSets,
  { values, errors }: Couplings,
): void {
  const kernel = order % 2 === 0 ? even : odd;
  const sign = order <= 2 ? 1 : -1;
  for (let set = 0, first = 0; set < values.length; set++, first += order) {
    const size = sizeOf(weights, members, first, order);
    if (size === 0) continue;
    values[set] += sign * productSum(kernel, ratios, nodes, members, first, order);
    errors[set] += ROUNDING * size;
    if (bound !== null) {
      errors[set] += productSum(bound.weights, bound.ratios, nodes, members, first, order);
    }
  }
}

/** Π_{i∈A} |w_i|. */
function sizeOf(weights: Float64Array, members: Int32Array, first: number, order: number): number {
  let size = 1;
  for (let k = 0; k < order; k++) size *= Math.abs(weights[members[first + k]]);
  return size;
}

/** Σ_t kernel(t) Π_{i∈A} r_i(t). */
function productSum(
  kernel: Float64Array,
  ratios: Float64Array,
  nodes: number,
  members: Int32Array,
  first: number,
  order: number,
): number {
  const a = members[first] * nodes;
  let sum = 0;
  if (order === 1) {
    for (let t = 0; t < nodes; t++) sum += kernel[t] * ratios[a + t];
    return sum;
  }
  const b = members[first + 1] * nodes;
  if (order === 2) {
    for (let t = 0; t < nodes; t++) sum += kernel[t] * ratios[a + t] * ratios[b + t];
    return sum;
  }
  const c = members[first + 2] * nodes;
  if (order === 3) {
    for (let t = 0; t < nodes; t++) sum += kernel[t] * ratios[a + t] * ratios[b + t] * ratios[c + t];
    return sum;
  }
  const d = members[first + 3] * nodes;
  for (let t = 0; t < nodes; t++) {
    sum += kernel[t] * ratios[a + t] * ratios[b + t] * ratios[c + t] * ratios[d + t];
  }
  return sum;
}
