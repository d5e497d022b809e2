import {
  type Arena,
  type BitMatrix,
  type CorrelationTerm,
  getBit,
  type LayerArrays,
} from "../../src/kernels/index.js";
import {
  deriveKey,
  fillStandardNormal,
  RandomStream,
  seedKey,
  type SeedKey,
} from "../../src/random/index.js";
import type { Rbm, UnitType } from "../../src/rbm/parameters.js";

/** What the tests compare with: sums over all joint states, written from the formulas with Math alone. */

export const unitTypes = ["spin", "binary"] as const;

/** An RBM in double precision with all parameters from N(0, deviation²). */
export function randomRbm(
  units: UnitType,
  visible: number,
  hidden: number,
  seed: string | number,
  deviation = 0.7,
): Rbm {
  const normal = (index: number, length: number): Float64Array => {
    const out = new Float64Array(length);
    fillStandardNormal(deriveKey(seedKey(seed), "initialWeights", index), out);
    return out.map((x) => deviation * x);
  };
  return {
    units,
    visible,
    hidden,
    weights: normal(0, visible * hidden),
    visibleBias: normal(1, visible),
    hiddenBias: normal(2, hidden),
  };
}

/** The RBM in the single precision of training, in ordinary memory or in an arena. */
export function toSingle(rbm: Rbm, arena?: Arena): LayerArrays {
  const single = (source: ArrayLike<number>): Float32Array => {
    const out = arena?.float32(source.length) ?? new Float32Array(source.length);
    out.set(source);
    return out;
  };
  return {
    ...rbm,
    weights: single(rbm.weights),
    visibleBias: single(rbm.visibleBias),
    hiddenBias: single(rbm.hiddenBias),
  };
}

/** The values of `count` units in a state: bit k set means unit k is in its upper state. */
export function unitValues(units: UnitType, state: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => ((state >>> k) & 1 ? 1 : units === "spin" ? -1 : 0));
}

/** −c·v − b·h − Σ_ij v_i W_ij h_j, term by term. */
export function jointEnergy(rbm: Rbm, v: readonly number[], h: readonly number[]): number {
  let total = 0;
  v.forEach((value, i) => (total -= rbm.visibleBias[i] * value));
  h.forEach((value, j) => (total -= rbm.hiddenBias[j] * value));
  v.forEach((vi, i) => {
    h.forEach((hj, j) => (total -= vi * rbm.weights[i * rbm.hidden + j] * hj));
  });
  return total;
}

/** Everything about an RBM of few units that a sum over its joint states can tell. */
export interface JointTable {
  readonly logPartition: number;
  /** P(v, h) at [v + 2^n h]. */
  readonly joint: Float64Array;
  /** P(v). */
  readonly visible: Float64Array;
  /** P(h). */
  readonly hidden: Float64Array;
}

export function enumerateJoint(rbm: Rbm): JointTable {
  const visibleStates = 2 ** rbm.visible;
  const logWeights = new Float64Array(2 ** (rbm.visible + rbm.hidden));
  const configurations = Array.from({ length: visibleStates }, (_, v) =>
    unitValues(rbm.units, v, rbm.visible),
  );
  for (let h = 0; h < 2 ** rbm.hidden; h++) {
    const hidden = unitValues(rbm.units, h, rbm.hidden);
    configurations.forEach((v, index) => {
      logWeights[index + visibleStates * h] = -jointEnergy(rbm, v, hidden);
    });
  }
  const largest = logWeights.reduce((a, b) => Math.max(a, b));
  const logPartition = largest + Math.log(logWeights.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  const joint = logWeights.map((x) => Math.exp(x - logPartition));
  const visible = new Float64Array(visibleStates);
  const hidden = new Float64Array(2 ** rbm.hidden);
  joint.forEach((p, index) => {
    visible[index % visibleStates] += p;
    hidden[Math.floor(index / visibleStates)] += p;
  });
  return { logPartition, joint, visible, hidden };
}

/** The parameters, or anything of their shape, in one list: W, c, b. */
export function flat(rbm: {
  readonly weights: ArrayLike<number>;
  readonly visibleBias: ArrayLike<number>;
  readonly hiddenBias: ArrayLike<number>;
}): number[] {
  return [rbm.weights, rbm.visibleBias, rbm.hiddenBias].flatMap((array) => Array.from(array));
}

/** The RBM with parameter k of `flat` moved by `change`. */
export function moved(rbm: Rbm, k: number, change: number): Rbm {
  const parameters = flat(rbm);
  parameters[k] += change;
  return fromFlat(rbm, parameters);
}

/** The RBM of the same shape with these parameters. */
export function fromFlat(rbm: Rbm, parameters: readonly number[]): Rbm {
  const cut = rbm.visible * rbm.hidden;
  return {
    ...rbm,
    weights: Float64Array.from(parameters.slice(0, cut)),
    visibleBias: Float64Array.from(parameters.slice(cut, cut + rbm.visible)),
    hiddenBias: Float64Array.from(parameters.slice(cut + rbm.visible)),
  };
}

/** (⟨v hᵀ⟩, ⟨v⟩, ⟨h⟩) in the order of `flat`, from P(v, h) = q(v) P(h | v) summed over both layers. */
export function jointAverages(rbm: Rbm, q: Float64Array): number[] {
  const { joint, visible } = enumerateJoint(rbm);
  const correlations = new Array<number>(rbm.visible * rbm.hidden).fill(0);
  const visibleMeans = new Array<number>(rbm.visible).fill(0);
  const hiddenMeans = new Array<number>(rbm.hidden).fill(0);
  const configurations = Array.from(visible, (_, state) => unitValues(rbm.units, state, rbm.visible));
  for (let hiddenState = 0; hiddenState < 2 ** rbm.hidden; hiddenState++) {
    const h = unitValues(rbm.units, hiddenState, rbm.hidden);
    const sums = new Array<number>(rbm.visible).fill(0);
    let total = 0;
    configurations.forEach((v, state) => {
      const weight = (q[state] * joint[state + visible.length * hiddenState]) / visible[state];
      total += weight;
      v.forEach((vi, i) => (sums[i] += weight * vi));
    });
    sums.forEach((sum, i) => {
      visibleMeans[i] += sum;
      h.forEach((hj, j) => (correlations[i * rbm.hidden + j] += sum * hj));
    });
    h.forEach((hj, j) => (hiddenMeans[j] += total * hj));
  }
  return [...correlations, ...visibleMeans, ...hiddenMeans];
}

/** Σ_terms scale · (Σ_s v_s p_sᵀ, Σ_s v_s, Σ_s p_s) in the order of `flat`, unit by unit in double precision. */
export function termSums(units: UnitType, terms: readonly CorrelationTerm[]): number[] {
  const { columns } = terms[0].visible;
  const hidden = terms[0].hiddenMeans.length / terms[0].visible.rows;
  const correlations = new Array<number>(columns * hidden).fill(0);
  const visibleSums = new Array<number>(columns).fill(0);
  const hiddenSums = new Array<number>(hidden).fill(0);
  for (const { visible, hiddenMeans, scale } of terms) {
    for (let row = 0; row < visible.rows; row++) {
      const p = hiddenMeans.subarray(row * hidden, (row + 1) * hidden);
      p.forEach((mean, j) => (hiddenSums[j] += scale * mean));
      visibleSums.forEach((_, i) => {
        const v = getBit(visible, row, i) === 1 ? 1 : units === "spin" ? -1 : 0;
        visibleSums[i] += scale * v;
        p.forEach((mean, j) => (correlations[i * hidden + j] += scale * v * mean));
      });
    }
  }
  return [...correlations, ...visibleSums, ...hiddenSums];
}

/** H_λ(v) by the closed form of Tr_h, for sums over more states than `enumerateJoint` can hold. */
export function tracedHamiltonian(rbm: Rbm, state: number): number {
  const v = unitValues(rbm.units, state, rbm.visible);
  let total = 0;
  v.forEach((value, i) => (total -= rbm.visibleBias[i] * value));
  for (let j = 0; j < rbm.hidden; j++) {
    let x = rbm.hiddenBias[j];
    v.forEach((value, i) => (x += value * rbm.weights[i * rbm.hidden + j]));
    total -= rbm.units === "spin" ? Math.log(2 * Math.cosh(x)) : Math.log1p(Math.exp(x));
  }
  return total;
}

/** KL(P‖P_λ) = Σ P (ln P + H_λ) + ln Z_λ by a sum over the visible states. */
export function exactKl(rbm: Rbm, distribution: Float64Array): number {
  const hamiltonians = distribution.map((_, state) => tracedHamiltonian(rbm, state));
  const logPartition = Math.log(hamiltonians.reduce((sum, h) => sum + Math.exp(-h), 0));
  return distribution.reduce(
    (sum, p, state) => sum + (p > 0 ? p * (Math.log(p) + hamiltonians[state] + logPartition) : 0),
    0,
  );
}

/** −∇KL(P‖P_λ) in the order of `flat`: central differences of fourth order. */
export function numericalDescent(rbm: Rbm, distribution: Float64Array): number[] {
  const step = 2e-3;
  return flat(rbm).map((_, k) => {
    const difference = (change: number): number =>
      exactKl(moved(rbm, k, change), distribution) - exactKl(moved(rbm, k, -change), distribution);
    return -(8 * difference(step) - difference(2 * step)) / (12 * step);
  });
}

/** A distribution over 2^units states: normalised e^{N(0,1)}. */
export function randomDistribution(units: number, seed: string): Float64Array {
  const weights = new Float64Array(2 ** units);
  fillStandardNormal(seedKey(seed), weights);
  const positive = weights.map((x) => Math.exp(x));
  const total = positive.reduce((sum, x) => sum + x, 0);
  return positive.map((x) => x / total);
}

/** Write `rows` independent states drawn from `probabilities` by inversion into the (cleared) matrix. */
export function drawStates(probabilities: Float64Array, matrix: BitMatrix, key: SeedKey): void {
  const cumulative = Float64Array.from(probabilities);
  for (let state = 1; state < cumulative.length; state++) cumulative[state] += cumulative[state - 1];
  const stream = new RandomStream(key);
  for (let row = 0; row < matrix.rows; row++) {
    const u = stream.nextUniform() * cumulative[cumulative.length - 1];
    matrix.words[row * matrix.wordsPerRow] = cumulative.findIndex((c) => u < c);
  }
}

/** How often each state occurs among the rows (at most 31 columns). */
export function stateCounts(matrix: BitMatrix): Float64Array {
  const counts = new Float64Array(2 ** matrix.columns);
  for (let row = 0; row < matrix.rows; row++) counts[matrix.words[row]]++;
  return counts;
}

/** How a sample of independent draws compares with the distribution it should come from. */
export interface Agreement {
  /** ½ Σ |n/N − p|. */
  readonly totalVariation: number;
  /** Mean of the total variation for draws from p, plus 4 of its standard deviations (normal counts, correlations ignored). */
  readonly floor: number;
  /** (χ² − d)/√(2d) with d = cells − 1; states expected fewer than 10 times share one cell. */
  readonly chiSquareDeviation: number;
}

export function agreement(counts: Float64Array, probabilities: Float64Array): Agreement {
  const draws = counts.reduce((sum, n) => sum + n, 0);
  const rare = { count: 0, expected: 0 };
  let [distance, mean, variance, chiSquare, cells] = [0, 0, 0, 0, 0];
  const addCell = (count: number, expected: number): void => {
    if (expected === 0) return;
    chiSquare += (count - expected) ** 2 / expected;
    cells++;
  };
  counts.forEach((n, state) => {
    const p = probabilities[state];
    const spread = (p * (1 - p)) / draws;
    distance += Math.abs(n / draws - p) / 2;
    mean += Math.sqrt((2 * spread) / Math.PI) / 2;
    variance += ((1 - 2 / Math.PI) * spread) / 4;
    if (draws * p >= 10) addCell(n, draws * p);
    else {
      rare.count += n;
      rare.expected += draws * p;
    }
  });
  addCell(rare.count, rare.expected);
  return {
    totalVariation: distance,
    floor: mean + 4 * Math.sqrt(variance),
    chiSquareDeviation: (chiSquare - (cells - 1)) / Math.sqrt(2 * (cells - 1)),
  };
}

/** max |a − b|; NaN counts as infinite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k] - b[k]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
