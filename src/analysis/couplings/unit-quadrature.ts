import { DomainError } from "../../errors/index.js";
import { cos, exp, sin, sinh } from "../../kernels/elementary.js";

/** Nodes end where e^{−πt/2} is 4e-17. */
const END = 24;

/** ln(1 + e^{−2x}) is 3e-17 here: ln 2cosh x is a straight line to rounding. */
const STRAIGHT = 19;

/** |Σ w s| of random signs exceeds this many √(Σ w²) with a probability below 1e-18 (Hoeffding). */
const DEVIATIONS = 9.2;

/** Nodes whose share of every coupling is below this are left out. */
const NEGLIGIBLE = 1e-20;

/** A factor is kept from below by this: it is multiplied in and divided out again, which cancels exactly. */
const LEAST_FACTOR = 1e-60;

/** Largest phase for which sine and cosine are exact to rounding. */
const LARGEST_PHASE = 1e5;

/** Smallest factors that one coupling may divide out: those of its spins. */
const MOST_SPINS = 4;

/**
 * One hidden unit as a sum over nodes t, midpoints of a grid on 0 … 24. Its share of the coupling of a set A of k spins is
 *   k even:  (−1)^{k/2 + 1} Σ_t even(t) Π_{i∈A} r_i(t),   k odd:  (−1)^{(k+1)/2 + 1} Σ_t odd(t) Π_{i∈A} r_i(t).
 */
export interface UnitQuadrature {
  readonly nodes: number;
  /** h cos(bt) Π_i cos(w_i t)/(t sinh(πt/2)), h the width of the grid. */
  readonly even: Float64Array;
  /** The same with sin(bt). */
  readonly odd: Float64Array;
  /** r_i(t) = tan(w_i t), spins × nodes; sin(w_i t) e^{w_i² t²/2} for spins that are treated as Gaussian. */
  readonly ratios: Float64Array;
  /** Its share of the mean of ln 2cosh(b + w·s) over all s. */
  readonly mean: number;
  /** Of the Gaussian treatment: weights and ratios in whose sum its error is contained; null where all spins are exact. */
  readonly bound: { readonly weights: Float64Array; readonly ratios: Float64Array } | null;
}

/**
 * Nodes and weights of the Fourier representation of a unit's trace,
 *   ln 2cosh x = ln 2 + ∫_0^∞ (1 − cos xt)/(t sinh(πt/2)) dt   (the transform of sech² is πt/sinh(πt/2)),
 * in which the average over independent spins is a product: E[Π_A s_i e^{it w·s}] = Π_A i sin(w_i t) Π_{∉A} cos(w_i t). The
 * midpoint rule of width h = 2π/R replaces f(x) by Σ_n (−1)^n f(x + nR); R leaves every |x| that has a probability above 1e-18 so
 * far below R that the images are straight lines, of which no coupling knows: the rule is exact to rounding. `exact` marks
 * the spins that are averaged over exactly; for the others cos(wt) is e^{−w²t²/2}, as for a Gaussian of the same variance, wrong by
 * at most (wt)⁴/12, the fourth cumulant. DomainError for weights too large for the phases wt.
 */
export function unitQuadrature(
  weights: Float64Array,
  bias: number,
  exact: Uint8Array | null,
): UnitQuadrature {
  const range = inputRange(weights, bias) + STRAIGHT;
  const count = Math.ceil((END * range) / (2 * Math.PI));
  const width = END / count;
  const grid = new Grid(weights, exact, count);
  const [even, odd] = [new Float64Array(count), new Float64Array(count)];
  let mean = Math.LN2;
  for (let node = 0; node < count; node++) {
    const t = (node + 0.5) * width;
    const kernel = width / (t * sinh((Math.PI * t) / 2));
    const { product, largestShare } = grid.fill(t, kernel);
    const [wave, own] = [kernel * product * cos(bias * t), kernel * product * sin(bias * t)];
    mean += kernel - wave;
    even[grid.kept] = wave;
    odd[grid.kept] = own;
    if (kernel * largestShare > NEGLIGIBLE) grid.kept++;
  }
  const nodes = grid.kept;
  return {
    nodes,
    even: even.subarray(0, nodes),
    odd: odd.subarray(0, nodes),
    ratios: grid.packed(grid.ratios),
    mean,
    bound: grid.bound(),
  };
}

/** A bound on |b + w·s|, but for a share below 1e-18 of all s. */
function inputRange(weights: Float64Array, bias: number): number {
  let [sum, squares, largest] = [0, 0, Math.abs(bias)];
  for (const weight of weights) {
    sum += Math.abs(weight);
    squares += weight * weight;
    largest = Math.max(largest, Math.abs(weight));
  }
  if (!(largest * END < LARGEST_PHASE)) {
    throw new DomainError(
      `a hidden unit with a parameter of ${largest}: couplings are expanded for weights and biases below ${Math.floor(LARGEST_PHASE / END)}.`,
    );
  }
  return Math.abs(bias) + Math.min(sum, DEVIATIONS * Math.sqrt(squares));
}

/** The factors of all spins, node by node. */
class Grid {
  /** Nodes that are not negligible so far. */
  kept = 0;
  /** spins × count; only the first `kept` of every row hold. */
  readonly ratios: Float64Array;
  private readonly boundRatios: Float64Array | null;
  private readonly boundWeights: Float64Array;
  private readonly smallest = new Float64Array(MOST_SPINS);

  constructor(
    private readonly weights: Float64Array,
    private readonly exact: Uint8Array | null,
    private readonly count: number,
  ) {
    this.ratios = new Float64Array(weights.length * count);
    this.boundRatios = exact === null ? null : new Float64Array(weights.length * count);
    this.boundWeights = new Float64Array(exact === null ? 0 : count);
  }

  /** Put the ratios at t into column `kept`; the product of all factors, and a bound on it with four of them taken out. */
  fill(t: number, kernel: number): { product: number; largestShare: number } {
    const { weights, exact, ratios, count, smallest, boundRatios } = this;
    smallest.fill(1);
    let [product, boundProduct, cumulant] = [1, 1, 0];
    for (let spin = 0; spin < weights.length; spin++) {
      const phase = weights[spin] * t;
      if (phase === 0) continue;
      const sine = sin(phase);
      const own = exact === null || exact[spin] === 1 ? cos(phase) : exp((-phase * phase) / 2);
      const factor = Math.abs(own) < LEAST_FACTOR ? LEAST_FACTOR : own;
      product *= factor;
      this.rankFactor(Math.abs(factor));
      ratios[spin * count + this.kept] = sine / factor;
      if (boundRatios === null) continue;
      // |cos x| ≤ e^{−x²/2} up to π/2, and ≤ 1 beyond.
      const most = exact?.[spin] === 1 || Math.abs(phase) < Math.PI / 2 ? Math.abs(factor) : 1;
      boundProduct *= most;
      boundRatios[spin * count + this.kept] = Math.abs(sine) / most;
      if (exact?.[spin] !== 1) cumulant += Math.min(phase ** 4 / 12, 1 + Math.abs(own)) / most;
    }
    if (boundRatios !== null) this.boundWeights[this.kept] = kernel * boundProduct * cumulant;
    const largestShare = smallest.reduce((share, factor) => share / factor, Math.abs(product));
    return { product, largestShare: Math.max(largestShare, boundProduct * cumulant) };
  }

  /** Keep the four smallest factors, in ascending order. */
  private rankFactor(factor: number): void {
    const { smallest } = this;
    if (factor >= smallest[MOST_SPINS - 1]) return;
    let place = MOST_SPINS - 1;
    for (; place > 0 && smallest[place - 1] > factor; place--) smallest[place] = smallest[place - 1];
    smallest[place] = factor;
  }

  /** Without the columns that were left out: spins × kept. */
  packed(table: Float64Array): Float64Array {
    const { count, kept, weights } = this;
    const out = new Float64Array(weights.length * kept);
    for (let spin = 0; spin < weights.length; spin++) {
      out.set(table.subarray(spin * count, spin * count + kept), spin * kept);
    }
    return out;
  }

  bound(): UnitQuadrature["bound"] {
    if (this.boundRatios === null) return null;
    return { weights: this.boundWeights.subarray(0, this.kept), ratios: this.packed(this.boundRatios) };
  }
}
