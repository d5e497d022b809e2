import { exactInfiniteLattice } from "../../ising/exact/index.js";
import { log } from "../../kernels/elementary.js";
import { minimize } from "../../statistics/index.js";
import { type BlockStep, blockStep, SITES_PER_BLOCK } from "./block-map.js";
import { optimalParameter } from "./fixed-point.js";
import { isingPotential, PLAQUETTE_CLASSES as CLASSES } from "./plaquette.js";

/** 4^−27 < 2^−53: what is left after so many steps is below the rounding of ln Z/N. */
const STEPS = 27;

/** Steps whose parameters are chosen one by one; those after them add less than 4^−12 and share the last one's. */
const FREE_PARAMETERS = 12;

/** Parameters of the search: block spins of p = 8 follow their blocks' majority but for 1e-13. */
const LARGEST_PARAMETER = 8;

/** First change of the parameters in the search. */
const FIRST_CHANGE = 0.05;

/** A bound on ln Z per site from one choice of the parameters. */
export interface PartitionBound {
  /** p of each step; the last one is used for all that follow. */
  readonly parameters: readonly number[];
  /** The upper bound on ln Z/N, nats. */
  readonly logPartitionPerSite: number;
}

/** Both bounds beside the exact value, one coupling; all in nats per site. */
export interface FreeEnergyRow {
  /** K of the nearest-neighbour model. */
  readonly coupling: number;
  /** Onsager's ln Z/N. */
  readonly exact: number;
  /** Upper bound on it with p* at every step. */
  readonly fixed: number;
  /** Upper bound with the best parameter for every step. */
  readonly optimal: number;
  /** The best parameter of the first step. */
  readonly firstParameter: number;
}

/**
 * Upper bound on ln Z/N of the nearest-neighbour model on the infinite lattice: every step divides the sites by four and
 * raises ln Z, so
 *
 *   ln Z/N ≤ Σ_k 4^−(k+1) c_k + 4^−n (max u_n + ln 2),
 *
 * c_k the constant split off after step k (0 ≤ k < n), and at the end e^{Σu} ≤ e^{N max u} for each of 2^N states. Hence
 * F ≥ −N times this: a lower bound on F, for any parameters.
 */
export function logPartitionBound(coupling: number, parameters: readonly number[]): number {
  return trajectory(coupling, parameters).bound;
}

/**
 * The best bound over the parameters of the first twelve steps, each its own, from p* (or `start`) downhill with exact
 * derivatives. Above T_c the best parameters fall to 0 along the trajectory, below they grow; near criticality they
 * linger near p*.
 */
export function optimalBound(coupling: number, start = optimalParameter()): PartitionBound {
  // Step k matters with 4^−k: with p_k = 2^k |x_k| curvatures are alike. The bound is an even function of every p_k.
  const scales = Float64Array.from({ length: FREE_PARAMETERS }, (_, step) => 2 ** step);
  const parametersOf = (x: Float64Array): number[] =>
    Array.from(x, (value, step) => Math.abs(value) * scales[step]);
  const { x } = minimize(
    (candidate, gradient) => {
      const parameters = parametersOf(candidate);
      if (parameters.some((p) => p > LARGEST_PARAMETER)) return Infinity;
      const { bound, steps } = trajectory(coupling, parameters);
      const slopes = parameterGradient(steps);
      gradient.set(slopes.map((slope, step) => slope * Math.sign(candidate[step]) * scales[step]));
      return bound;
    },
    scales.map((scale) => start / scale),
    FIRST_CHANGE,
  );
  const parameters = parametersOf(x);
  return { parameters, logPartitionPerSite: logPartitionBound(coupling, parameters) };
}

/** Bounds and Onsager's solution for each coupling. */
export function freeEnergyTable(couplings: readonly number[]): readonly FreeEnergyRow[] {
  const parameter = optimalParameter();
  return couplings.map((coupling) => {
    const best = optimalBound(coupling, parameter);
    return {
      coupling,
      exact: exactInfiniteLattice(coupling).logPartitionPerSite,
      fixed: logPartitionBound(coupling, [parameter]),
      optimal: best.logPartitionPerSite,
      firstParameter: best.parameters[0],
    };
  });
}

/** The bound and the steps it came from. */
function trajectory(
  coupling: number,
  parameters: readonly number[],
): { readonly bound: number; readonly steps: readonly BlockStep[] } {
  let potential = isingPotential(coupling);
  let share = 1;
  let bound = 0;
  const steps: BlockStep[] = [];
  for (let step = 0; step < STEPS; step++) {
    const made = blockStep(potential, parameters[Math.min(step, parameters.length - 1)]);
    const constant = made.potential.reduce((a, b) => Math.max(a, b));
    share /= SITES_PER_BLOCK;
    bound += share * constant;
    potential = made.potential.map((u) => u - constant);
    steps.push(made);
  }
  return { bound: bound + share * log(2), steps };
}

/**
 * ∂bound/∂p_k = 4^−(k+1) Σ_r π_{k+1}(r) ∂u'(r)/∂p, where π_k = π_{k+1} P_k are the probabilities of the classes after k
 * steps, from the last step backwards. The steps beyond the free ones add to the last of these.
 */
function parameterGradient(steps: readonly BlockStep[]): Float64Array {
  const gradient = new Float64Array(FREE_PARAMETERS);
  let probabilities = new Float64Array(CLASSES).fill(1 / CLASSES); // forgotten 27 steps further up
  for (let step = steps.length - 1; step >= 0; step--) {
    const { conditional, parameterSlope } = steps[step];
    const before = new Float64Array(CLASSES);
    let slope = 0;
    for (let r = 0; r < CLASSES; r++) {
      slope += probabilities[r] * parameterSlope[r];
      for (let c = 0; c < CLASSES; c++) before[c] += probabilities[r] * conditional[r * CLASSES + c];
    }
    gradient[Math.min(step, FREE_PARAMETERS - 1)] += slope / SITES_PER_BLOCK ** (step + 1);
    probabilities = before;
  }
  return gradient;
}
