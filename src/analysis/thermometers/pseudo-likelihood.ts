import { DomainError } from "../../errors/index.js";
import { exp, log1p, tanh } from "../../kernels/elementary.js";
import { solveLinearSystem } from "../../statistics/index.js";
import { cellValues, type SpinAverages } from "./spin-averages.js";

const MOST_STEPS = 60;
/** A step this short no longer changes a coupling but by rounding. */
const CONVERGED = 1e-13;
/** Couplings beyond this have no maximum: spins always follow their neighbours. */
const LARGEST_COUPLING = 4;
/** The shortest share of a Newton step that is tried. */
const SHORTEST_SHARE = 2 ** -20;

/**
 * Couplings that maximise the pseudo-likelihood Σ ln P(v | neighbours), P(v) = logistic(2v Σ_α K_α n_α) (Besag, J. R. Stat.
 * Soc. B 36, 192 (1974)): of nearest neighbours alone (`count` 1), or with diagonal neighbours (2) and plaquettes (3). At the
 * maximum Σ_sites (v − tanh Σ K n) n_α = 0. In Gibbs states of H = −Σ K_α S_α with these couplings the estimates tend to
 * K_α at any lattice size. Newton's method on a concave function; not finite where there is no maximum, as of states where
 * every spin follows its neighbours.
 */
export function pseudoLikelihoodCouplings(
  { neighborhoods }: SpinAverages,
  count: 1 | 2 | 3,
  start: ArrayLike<number> = [],
): Float64Array {
  const problem = new PseudoLikelihood(neighborhoods, count);
  let couplings = Float64Array.from({ length: count }, (_, a) => start[a] ?? 0);
  let value = problem.value(couplings);
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = problem.newtonStep(couplings);
    if (direction === null) return couplings.fill(NaN);
    const next = climb(problem, couplings, value, direction);
    if (next === null) return couplings;
    const moved = next.couplings.reduce((most, k, a) => Math.max(most, Math.abs(k - couplings[a])), 0);
    ({ couplings, value } = next);
    if (couplings.some((k) => Math.abs(k) > LARGEST_COUPLING)) {
      return couplings.map((k) => Math.sign(k) * Infinity);
    }
    if (moved < CONVERGED) break;
  }
  return couplings;
}

/** The whole step, a half of it, … that does not lower the function; null if none does. */
function climb(
  problem: PseudoLikelihood,
  couplings: Float64Array,
  value: number,
  direction: Float64Array,
): { couplings: Float64Array<ArrayBuffer>; value: number } | null {
  for (let share = 1; share >= SHORTEST_SHARE; share /= 2) {
    const candidate = Float64Array.from(couplings, (k, a) => k + share * direction[a]);
    const next = problem.value(candidate);
    if (next >= value) return { couplings: candidate, value: next };
  }
  return null;
}

/** ln P per spin and its derivatives, over the cells that hold spins. */
class PseudoLikelihood {
  readonly #weights: number[] = [];
  readonly #values: (readonly number[])[] = [];

  constructor(
    neighborhoods: Float64Array,
    private readonly count: number,
  ) {
    const total = neighborhoods.reduce((sum, spins) => sum + spins, 0);
    neighborhoods.forEach((spins, cell) => {
      if (spins === 0) return;
      this.#weights.push(spins / total);
      this.#values.push(cellValues(cell).slice(0, count));
    });
  }

  value(couplings: Float64Array): number {
    let sum = 0;
    this.#values.forEach((n, cell) => {
      const x = -2 * dot(couplings, n);
      sum -= this.#weights[cell] * (Math.max(x, 0) + log1p(exp(-Math.abs(x))));
    });
    return sum;
  }

  /** −(second derivatives)⁻¹ gradient; null where the couplings do not differ in their effect. */
  newtonStep(couplings: Float64Array): Float64Array | null {
    const { count } = this;
    const gradient = new Float64Array(count);
    const curvature = new Float64Array(count * count);
    this.#values.forEach((n, cell) => {
      const t = tanh(dot(couplings, n));
      const weight = this.#weights[cell];
      for (let a = 0; a < count; a++) {
        gradient[a] += weight * n[a] * (1 - t);
        for (let b = 0; b < count; b++) curvature[a * count + b] += weight * n[a] * n[b] * (1 - t * t);
      }
    });
    try {
      return solveLinearSystem(curvature, gradient, count, 1);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}

function dot(a: Float64Array, b: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
